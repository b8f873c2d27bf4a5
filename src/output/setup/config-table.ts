import { rowText, type SettingRow } from '../../core/settings/rows.ts';
import type { Cell, Table, TableTone } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns settings as a table: key, value, source. */
export function configTable(rows: readonly SettingRow[]): Table {
  return {
    columns: [
      { heading: 'setting', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'value', align: 'left', dropOrder: 0, cut: 'end' },
      { heading: 'source', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: rows.map((row) => [
      { text: row.key },
      { text: visibleLine(rowText(row)) || '–', tone: valueTone(row) },
      { text: sourceText(row), tone: 'dim' },
    ]),
  };
}

/** Returns the warnings above the table about values that cannot be used. */
export function configNotes(rows: readonly SettingRow[]): Cell[] {
  const errors = new Set(rows.flatMap(({ error }) => error ?? []));
  return [...errors].map((error) => ({ text: `warning: ${visibleLine(error)}`, tone: 'warning' as const }));
}

function valueTone({ source, error }: SettingRow): TableTone | undefined {
  if (error !== undefined) return 'warning';
  return source === 'default' ? undefined : 'accent';
}

function sourceText({ source, name, error }: SettingRow): string {
  return `${source}${name === undefined ? '' : ` ${visibleLine(name)}`}${error === undefined ? '' : ', not usable'}`;
}
