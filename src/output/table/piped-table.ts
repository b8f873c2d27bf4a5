import type { Table } from './table.ts';

/** For 53 rows, cli-table3 takes an eighth of the processor time of `orx usage`; for 366, half of it. */
const MANY_ROWS = 20;

/** Returns the table for a pipe, as plainTable does, in a time that grows with its rows. */
export async function pipedTable(table: Table): Promise<string> {
  return table.rows.length < MANY_ROWS
    ? (await import('./plain.ts')).plainTable(table)
    : (await import('./fit.ts')).longTable(table);
}
