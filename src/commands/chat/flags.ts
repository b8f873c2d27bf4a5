import { type Command, type FlagsOf, Option } from '../commander.ts';

export type RoutingFlags = FlagsOf<typeof routingFlags>;

export function routingFlags(command: Command) {
  return command
    .addOption(new Option('--explain-routing', 'list the providers that may answer, without sending').helpGroup('Answer:'))
    .addOption(new Option('--pin', 'with -c or --session: the provider of the last answer').helpGroup('Conversation:'));
}
