import stringWidth from 'string-width';
import { rowText, type SettingRow } from '../core/setting-rows.ts';
import { cutText } from './fit-table.ts';
import type { Table } from './table.ts';
import { visibleLine } from './visible-text.ts';

/** Indent, two gaps, and the column that stays free. */
const BETWEEN = 7;
const LEAST_VALUE = 8;

/**
 * Settings as a table: key, value, source. `columns` is the width of the terminal, for which long values, such as a system prompt,
 * are cut; without it they stand whole.
 */
export function configTable(rows: readonly SettingRow[], columns?: number): Table {
  const widest = (text: (row: SettingRow) => string): number =>
    rows.reduce((most, row) => Math.max(most, stringWidth(text(row))), 0);
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
      { text: cutText(visibleLine(rowText(row)), room) || '–', tone: row.source === 'default' ? undefined : 'accent' },
      { text: sourceText(row), tone: 'dim' },
    ]),
  };
}

function sourceText({ source, name }: SettingRow): string {
  return name === undefined ? source : `${source} ${name}`;
}
