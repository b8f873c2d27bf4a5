import type { AnyCommand } from '../../commands/commander.ts';
import { commandHelpText } from './command-help.ts';
import { helpColumns } from './layout.ts';
import { rootHelpText } from './root-help.ts';

/** Returns the help of a command, or of orx, for a terminal with a number of columns. Undefined columns: no terminal. */
export function helpText(command: AnyCommand | undefined, isAll: boolean, columns: number | undefined): string {
  const width = helpColumns(columns);
  return command === undefined || command.parent === null
    ? rootHelpText(isAll, width)
    : commandHelpText(command, isAll ? 'all' : 'common', width);
}
