import { type Command, Option } from 'commander';

const FORMATS: readonly string[] = ['text', 'json'];

/** Adds `-o` and `--json` to a command that prints text or JSON, and says what the JSON is. */
export function withJson(command: Command, description: string): Command {
  const output = new Option('-o, --output <format>', 'how it is written').choices(FORMATS);
  const choose = output.parseArg;
  // What is text here is called a table by commands that have more formats.
  output.parseArg = <T>(text: string, before: T): T => (text === 'table' ? ('text' as T) : (choose?.(text, before) as T));
  return command.addOption(output).option('--json', `the same as -o json: ${description}`);
}
