import { type Command, type FlagsOf } from '../commander.ts';

export type AddFlags = FlagsOf<typeof addFlags>;
export type TestFlags = FlagsOf<typeof testFlags>;

export function addFlags(command: Command) {
  return command
    .option('--url <address>', 'URL of an HTTP server')
    .option('--header <text>', "HTTP header, 'Name: value' (repeatable)", append)
    .option('--env <name>', 'environment variable: NAME or NAME=value (repeatable)', append)
    .option('--force', 'replace the server of that name');
}

export function testFlags(command: Command) {
  return command.option('--agree', 'accept its tools, including new and changed ones');
}

function append(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}
