import { type Command, type FlagsOf } from '../commander.ts';

export type AddFlags = FlagsOf<typeof addFlags>;
export type TestFlags = FlagsOf<typeof testFlags>;

export function addFlags(command: Command) {
  return command
    .option('--url <address>', 'the server is reached by HTTP')
    .option('--header <text>', "a header, 'Name: value'; ${NAME} in it is an environment variable (repeatable)", append)
    .option('--env <name>', 'a variable that the command is given: NAME for your own value, or NAME=value (repeatable)', append)
    .option('--force', 'in place of the server of that name');
}

export function testFlags(command: Command) {
  return command.option('--agree', 'let its tools be offered as they are now, also new and changed ones');
}

function append(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}
