import { type Command, type FlagsOf, Option, withFlags } from './commander.ts';

const FORMATS = ['text', 'json'] as const;

/** Adds `-o` and `--json` to a command that prints text or JSON, and says what the JSON is. */
export function withJson<W extends unknown[], F extends Record<string, unknown>, O extends Record<string, unknown>>(
  command: Command<W, F, O>,
  description: string,
): Command<W, F & JsonFlags, O> {
  return withFlags(command, (plain) => jsonFlags(plain, description));
}

/** What these flags give: `json` is true with `-o json` as well. */
export type JsonFlags = FlagsOf<typeof jsonFlags>;

function jsonFlags(command: Command, description = '') {
  const output = new Option('-o, --output <format>', 'how it is written').choices(FORMATS);
  const choose = output.parseArg;
  // What is text here is called a table by commands that have more formats.
  output.parseArg = <T>(text: string, before: T): T => (text === 'table' ? ('text' as T) : (choose?.(text, before) as T));
  return command.addOption(output).option('--json', `the same as -o json: ${description}`);
}
