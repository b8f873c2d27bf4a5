import { rowText, type SettingRow } from '../../core/settings/rows.ts';
import { cutText, textWidth } from '../text/width.ts';
import type { Cell, Table, TableTone } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** Indent, two gaps, and the column that stays free. */
const BETWEEN = 7;
const LEAST_VALUE = 8;

/**
 * Settings as a table: key, value, source. `columns` is the width of the terminal, for which long values, such as a system prompt,
 * are cut; without it they stand whole.
 */
export function configTable(rows: readonly SettingRow[], columns?: number): Table {
  const widest = (text: (row: SettingRow) => string): number =>
    rows.reduce((most, row) => Math.max(most, textWidth(text(row))), 0);
  const room =
    columns === undefined ? Infinity : Math.max(LEAST_VALUE, columns - widest(({ key }) => key) - widest(sourceText) - BETWEEN);
  return {
    columns: [
      { heading: 'setting', align: 'left', dropOrder: 0 },
      { heading: 'value', align: 'left', dropOrder: 0 },
      { heading: 'source', align: 'left', dropOrder: 0 },
    ],
    rows: rows.map((row) => [
      { text: row.key },
      { text: cutText(visibleLine(rowText(row)), room) || '–', tone: valueTone(row) },
      { text: sourceText(row), tone: 'dim' },
    ]),
  };
}

/** What is said above the table of values that cannot be used. */
export function configNotes(rows: readonly SettingRow[]): Cell[] {
  return rows.flatMap(({ error }) =>
    error === undefined ? [] : [{ text: `! ${visibleLine(error)}`, tone: 'warning' as const }],
  );
}

function valueTone({ source, error }: SettingRow): TableTone | undefined {
  if (error !== undefined) return 'warning';
  return source === 'default' ? undefined : 'accent';
}

function sourceText({ source, name, error }: SettingRow): string {
  return `${source}${name === undefined ? '' : ` ${name}`}${error === undefined ? '' : ', not usable'}`;
}
