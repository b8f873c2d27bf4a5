import { type Command, type FlagsOf } from '../commander.ts';

export const DEFAULT_PORT = '4141';

export type ServeFlags = FlagsOf<typeof serveFlags>;

export function serveFlags(command: Command) {
  return command
    .option('--port <number>', 'where to listen on 127.0.0.1; 0 takes any free port', DEFAULT_PORT)
    .option('-q, --quiet', 'no line for each request');
}
