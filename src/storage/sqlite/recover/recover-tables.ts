import { readCell, readTreePage, type RecordCell, type TreePage } from './b-tree.ts';
import { freePages } from './free-pages.ts';
import { cellsInOrder } from './in-order.ts';
import { lostCells } from './lost-cells.ts';
import { openPages, type Pages } from './pages.ts';
import type { StoredValue } from './record.ts';
import { fits, type Layout, shapeRow, type RecoveredRow, type Shape } from './shape.ts';
import { walkTree } from './walk.ts';

/** Reads the tables of a damaged database page by page, without SQLite. */
export interface RecoveredTables {
  /** Yields all rows of a table, each once. */
  rows: (table: string) => Generator<RecoveredRow>;
  /** Yields what an index contains of each row of its table. Requires a readable schema. */
  indexRows: (index: string) => Generator<{ row: number; values: Readonly<Record<string, StoredValue>> }>;
  /** Returns the problems of the tables that have been read so far; empty: nothing is lost. */
  problems: () => readonly string[];
  /** Returns whether no row of any table was read. */
  isEmpty: () => boolean;
  /** Adds a contradiction that the caller found in the data. */
  addProblem: (text: string) => void;
  close: () => void;
}

const SCHEMA: Shape = {
  name: 'sqlite_schema',
  isTable: true,
  columns: ['type', 'name', 'tbl_name', 'rootpage', 'sql'].map((name) => ({
    name,
    type: name === 'rootpage' ? 'INTEGER' : 'TEXT',
    isNeeded: false,
    mayBeMissing: false,
  })),
};
const MOST_PROBLEMS = 100;
const NONE: ReadonlySet<number> = new Set();

export function recoverTables(path: string, { shapes, indexes, roots }: Layout): RecoveredTables {
  const pages = openPages(path);
  const problems = new Set<string>(pages.problems);
  const onProblem = (text: string): void => void (problems.size < MOST_PROBLEMS && problems.add(text));
  const [taken, inner] = [new Set<number>(), new Set<number>()];
  const treeOf = (shape: Shape, root: number, report = onProblem): TreePage[] =>
    walkTree(
      {
        pages,
        isTable: shape.isTable,
        taken,
        inner,
        onProblem: report,
        isMine: (page) => share(pages, page, shape) >= 0.5,
      },
      root,
    );

  const schema = readSchema();
  const matches = new Map<string, TreePage[]>();
  let count = 0;
  const broken = new Set<string>();
  for (const shape of shapes) {
    const { name } = shape;
    const root = schema.get(name);
    if (root === undefined) onProblem(`the schema says nothing of ${name}`);
    const from = root ?? roots.get(name);
    const tree = from === undefined ? [] : treeOf(shape, from, (text) => void (broken.add(name), onProblem(text)));
    // A single page may be all that remains of a larger tree.
    if (tree.length <= 1) broken.add(name);
    matches.set(name, tree);
  }
  // Pages of a broken tree are found by their content. These may include deleted rows if it is not known which pages are free.
  const free = freePages(pages, taken);
  for (const [name, more] of strayPages(free ?? NONE)) {
    if (free === undefined && !broken.has(name)) continue;
    onProblem(`page ${more[0]?.page} belongs to no table`);
    matches.get(name)?.push(...more);
  }

  return {
    *rows(table) {
      const shape = shapes.find(({ name }) => name === table);
      if (shape === undefined) return;
      const seen = new Set<number>();
      // Their number may be that of another row, which comes first.
      const doubtful: { page: TreePage; start: number | undefined; isListed: boolean }[] = [];
      for (const page of matches.get(table) ?? []) {
        const lost = shape.isTable ? lostCells(page) : undefined;
        if (lost !== undefined) onProblem(`page ${page.page} is damaged`);
        const cells = [...cellsOf(page)];
        const inOrder = cellsInOrder(page, cells);
        for (const [place, cell] of cells.entries()) {
          if (cell?.record === undefined || !fits(shape, cell.record)) {
            onProblem(`a row of ${table} on page ${page.page} is damaged`);
            continue;
          }
          if (!cell.record.isSound) onProblem(`a part of a row of ${table} on page ${page.page} is damaged`);
          if (!inOrder.has(place)) {
            onProblem(`page ${page.page} holds rows of ${table} that stand elsewhere`);
            doubtful.push({ page, start: page.cells[place], isListed: true });
          } else if (cell.row === undefined || take(cell.row, page)) yield shapeRow(shape, cell);
        }
        doubtful.push(...(lost ?? []).map((start) => ({ page, start, isListed: false })));
      }
      for (const { page, start, isListed } of doubtful) {
        const cell = readCell(pages, page, start);
        if (cell?.record === undefined || cell.row === undefined || !fits(shape, cell.record)) continue;
        if (!isListed && (!cell.record.isSound || seen.has(cell.row))) continue;
        if (take(cell.row, page)) yield shapeRow(shape, cell);
      }

      function take(row: number, { page }: TreePage): boolean {
        // A duplicate row on a page has replaced another row.
        if (seen.has(row)) onProblem(`page ${page} holds rows of ${table} that stand elsewhere`);
        else count += 1;
        return !seen.has(row) && seen.add(row) !== undefined;
      }
    },
    *indexRows(index) {
      const columns = indexes.get(index) ?? [];
      for (const page of indexPages(index)) {
        for (const cell of cellsOf(page)) {
          const { values = [], isSound = false } = cell?.record ?? {};
          const row = values.at(-1);
          // The number of the row comes last.
          if (!isSound || typeof row !== 'number' || values.length !== columns.length + 1) continue;
          yield { row, values: Object.fromEntries(columns.map((name, place) => [name, values[place]!])) };
        }
      }
    },
    problems: () => [...problems],
    isEmpty: () => count === 0,
    addProblem: onProblem,
    close: () => pages.close(),
  };

  /** Returns the pages of an index, as far as the schema and its inner pages lead to them. */
  function indexPages(index: string): TreePage[] {
    const root = schema.get(index);
    if (root === undefined || !indexes.has(index)) return [];
    const isMine = (): boolean => true;
    const walk = {
      pages,
      isTable: false,
      taken: new Set<number>(),
      inner: new Set<number>(),
      onProblem: () => undefined,
      isMine,
    };
    return walkTree(walk, root);
  }

  function* cellsOf(page: TreePage): Generator<RecordCell | undefined> {
    for (const start of page.cells) yield readCell(pages, page, start);
  }

  function readSchema(): ReadonlyMap<string, number> {
    const entries = treeOf(SCHEMA, 1).flatMap((page) =>
      [...cellsOf(page)].flatMap((cell) => {
        const [, name, , root] = cell?.record?.values ?? [];
        if (cell?.record === undefined || !fits(SCHEMA, cell.record)) onProblem('a row of the schema is damaged');
        return typeof name === 'string' && typeof root === 'number' && root > 1 && root <= pages.count
          ? [[name, root] as const]
          : [];
      }),
    );
    return new Map(entries);
  }

  /** Returns the leaves that belong to no tree, by the table that most of their rows match; those that an inner page refers to come first. */
  function strayPages(unused: ReadonlySet<number>): Map<string, TreePage[]> {
    const strays: TreePage[] = [];
    // A table WITHOUT ROWID has pages of the same kind as an index, and perhaps rows of the same form.
    const indexed = new Set([...indexes.keys()].flatMap((index) => indexPages(index).map(({ page }) => page)));
    const named = new Set<number>();
    for (let number = 2; number <= pages.count; number += 1) {
      if (taken.has(number) || inner.has(number) || unused.has(number) || indexed.has(number)) continue;
      const page = readTreePage(pages, number);
      if (page === undefined) continue;
      if (page.isLeaf || !page.isTable) strays.push(page);
      else for (const cell of cellsOf(page)) if (cell?.child !== undefined) named.add(cell.child);
      if (page.isTable && !page.isLeaf) named.add(page.rightmost);
    }
    const byTable = new Map<string, TreePage[]>();
    const ordered = strays.toSorted((one, other) => Number(named.has(other.page)) - Number(named.has(one.page)));
    for (const page of ordered) {
      const [best] = shapes
        .filter(({ isTable }) => isTable === page.isTable)
        .map((shape) => ({ shape, part: share(pages, page, shape) }))
        .toSorted((one, other) => other.part - one.part);
      if (best === undefined || best.part < 0.5) continue;
      const its = byTable.get(best.shape.name);
      if (its === undefined) byTable.set(best.shape.name, [page]);
      else its.push(page);
    }
    return byTable;
  }
}

/** Returns the share of a page's readable cells that are rows of this table, from 0 to 1. */
function share(pages: Pages, page: TreePage, shape: Shape): number {
  const records = page.cells.flatMap((cell) => readCell(pages, page, cell)?.record ?? []);
  return records.length === 0 ? 0 : records.filter((record) => fits(shape, record)).length / records.length;
}
