import type { Database } from './database.ts';

const RANGE = 1024;
/** A table whose every page is unreadable would be tried row by row without end. */
const MOST_FAILURES = 20_000;

type Row = Record<string, string | number | null>;

/**
 * All rows that can be read of a table of a damaged database, by its whole-number key; a range that holds a broken page is halved until only what is
 * broken is left out.
 */
export function* readableRows(damaged: Database, table: string, key: string): Generator<Row> {
  const read = (from: number, to: number): Row[] | undefined => {
    try {
      return damaged.prepare(`SELECT * FROM ${table} NOT INDEXED WHERE ${key} >= ? AND ${key} < ?`).all([from, to]) as Row[];
    } catch {
      return undefined;
    }
  };
  let failures = 0;
  const ranges: [number, number][] = [];
  for (let from = highestRow(damaged, table, key); from >= 0; from -= RANGE) ranges.push([from - RANGE + 1, from + 1]);
  for (let range = ranges.pop(); range !== undefined && failures < MOST_FAILURES; range = ranges.pop()) {
    const [from, to] = range;
    const rows = read(from, to);
    if (rows !== undefined) yield* rows;
    else {
      failures += 1;
      const middle = Math.floor((from + to) / 2);
      if (middle > from) ranges.push([middle, to], [from, middle]);
    }
  }
}

// Asked of the table, else of its index, else no more than a file of that size could hold.
function highestRow(damaged: Database, table: string, key: string): number {
  const attempts = [
    () => damaged.prepare(`SELECT MAX(${key}) n FROM ${table} NOT INDEXED`).get() as { n: number | null },
    () => damaged.prepare(`SELECT MAX(${key}) n FROM ${table} WHERE +${key} > 0`).get() as { n: number | null },
    () => damaged.prepare('SELECT page_count * 64 n FROM pragma_page_count').get() as { n: number | null },
  ];
  for (const attempt of attempts) {
    try {
      return attempt().n ?? 0;
    } catch {
      // The next one.
    }
  }
  return 0;
}
