import { DIALECT_NAMES } from '../../apis/vendors.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';

export type VendorAddFlags = FlagsOf<typeof vendorAddFlags>;

export function vendorAddFlags(command: Command) {
  return command
    .addOption(new Option('--dialect <name>', "API that it speaks (default: OpenAI's chat completions)").choices(DIALECT_NAMES))
    .option('--key-variable <name>', 'environment variable that holds its key')
    .option('--key-command <command>', 'command of the shell that prints its key')
    .option('--with-key', 'read the key from standard input')
    .option('--no-key', 'ask for no key')
    .option('--model <id>', 'model that answers where none is named');
}
