import { type Command, type FlagsOf, Option, withFlags } from './commander.ts';

const FORMATS = ['text', 'json'] as const;

/** Adds `-o` and `--json` to a command that prints text or JSON; `shape` describes the JSON. */
export function withJson<W extends unknown[], F extends Record<string, unknown>, O extends Record<string, unknown>>(
  command: Command<W, F, O>,
  shape?: string,
): Command<W, F & JsonFlags, O> {
  return withFlags(command, (plain) => jsonFlags(plain, shape));
}

/** The values of these flags: `json` is also true with `-o json`. */
export type JsonFlags = FlagsOf<typeof jsonFlags>;

function jsonFlags(command: Command, shape?: string) {
  const output = new Option('-o, --output <format>', 'output format: text or json (default: text)').choices(FORMATS);
  const choose = output.parseArg;
  // Commands with more formats call text output `table`, so accept that name.
  output.parseArg = <T>(text: string, before: T): T => (text === 'table' ? ('text' as T) : (choose?.(text, before) as T));
  return command
    .addOption(output)
    .option('--json', shape === undefined ? 'print JSON (same as -o json)' : `print JSON: ${shape}`);
}
