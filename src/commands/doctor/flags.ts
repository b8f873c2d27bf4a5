import type { Command, FlagsOf } from '../commander.ts';

export type DoctorFlags = FlagsOf<typeof doctorFlags>;

export function doctorFlags(command: Command) {
  return command.option('--offline', 'skip the checks that use the network');
}
