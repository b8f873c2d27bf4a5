import { type Command, type FlagsOf, Option } from '../commander.ts';

export type LoginFlags = FlagsOf<typeof loginFlags>;
export type ListSettingsFlags = FlagsOf<typeof listSettingsFlags>;

export function loginFlags(command: Command) {
  return command
    .addOption(new Option('--browser', 'log in with the browser on this machine'))
    .addOption(new Option('--no-browser', 'show an address for a browser anywhere, and ask for the code that it gives'))
    .addOption(new Option('--paste', 'ask for a key; nothing is shown while it is pasted'));
}

export function listSettingsFlags(command: Command) {
  return command.option('--all', 'also settings without a value');
}
