import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { BoardSource } from '../../core/rating/sections.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import { type FormatFlags, tableFormat, type TableFormat } from '../table-format.ts';

/** What `orx compare --board` shows. */
export interface BoardOptions {
  settings: ConnectionSettings;
  /** Undefined: both. */
  source: BoardSource | undefined;
  format: TableFormat;
}

/** The flags of `orx compare` that a board needs. */
interface BoardFlags extends FormatFlags {
  board?: string | true;
}

/** Returns the options of a board; undefined if none was asked for. */
export function parseBoard({ words, options, settings }: CommandInput<BoardFlags>): BoardOptions | undefined {
  const { board } = options;
  if (board === undefined) return undefined;
  if (words.length > 0) throw usageError('--board takes no prompt', 'show the ratings: orx compare --board');
  return { settings, source: board === true ? undefined : (board as BoardSource), format: tableFormat(options) };
}
