import { type Command, type FlagsOf, Option } from '../commander.ts';

export type LoginFlags = FlagsOf<typeof loginFlags>;
export type ListSettingsFlags = FlagsOf<typeof listSettingsFlags>;

export function loginFlags(command: Command) {
  return command
    .addOption(new Option('--browser', 'log in with the browser on this machine'))
    .addOption(new Option('--no-browser', 'print a URL for any browser and ask for its code'))
    .addOption(new Option('--paste', 'paste an API key (input is hidden)'))
    .addOption(new Option('--test', 'ask a test question afterwards (default: on a terminal)'))
    .addOption(new Option('--no-test', 'do not ask a test question'));
}

export function listSettingsFlags(command: Command) {
  return command.option('--all', 'include settings without a value');
}
