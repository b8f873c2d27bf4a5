import { DIALECT_NAMES } from '../../apis/vendors.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';

export type VendorAddFlags = FlagsOf<typeof vendorAddFlags>;

export function vendorAddFlags(command: Command) {
  return command
    .addOption(new Option('--dialect <name>', 'API dialect (default: chat-completions)').choices(DIALECT_NAMES))
    .option('--key-variable <name>', 'environment variable that holds the key')
    .option('--key-command <command>', 'shell command that prints the key')
    .option('--with-key', 'read the key from standard input')
    .option('--no-key', 'do not ask for a key')
    .option('--model <id>', 'default model of this vendor');
}
