import { BINDINGS } from '../../core/models/live/keys.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import type { Line } from '../screen/line.ts';

const KEY_WIDTH = 8;
const ENTRY_WIDTH = 36;

/** Shown above the keys. */
export const HELP_HEADING = 'press tab to use letters and digits as keys, tab or / to filter again; ^ is ctrl';

/** Returns the lines of all keys, in as many columns as fit. */
export function helpLines(table: LiveTable, width: number, rows: number): Line[] {
  const entries = BINDINGS.map(({ shown, does }) => ({ key: shown, does }));
  const columns = table.allColumns.map((column, index) => ({
    key: String((index + 1) % 10),
    does: `column ${column}: ${table.columns.has(column) ? 'shown' : 'hidden'}`,
  }));
  const all = [...entries, ...columns];
  const across = Math.max(1, Math.floor(width / ENTRY_WIDTH));
  const down = Math.ceil(all.length / across);
  const lines = Array.from({ length: down }, (_, row): Line => {
    const text = Array.from({ length: across }, (_, column) => all[column * down + row])
      .filter((entry) => entry !== undefined)
      .map(({ key, does }) => padded(`  ${padded(key, KEY_WIDTH)} ${does}`, ENTRY_WIDTH))
      .join('');
    return [{ text: cutText(text.trimEnd(), width), tone: 'plain' }];
  });
  const top = Math.min(table.helpTop, Math.max(0, lines.length - rows));
  return lines.slice(top, top + rows);
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
