import type { Database } from '../database.ts';
import type { RecordCell } from './b-tree.ts';
import type { StoredRecord, StoredValue } from './record.ts';

/** The form of a table's rows, so that they can be told from those of others. */
export interface Shape {
  name: string;
  /** In the order in which a record holds them. */
  columns: readonly Column[];
  /** The column that is the row's number: records do not hold it. */
  rowColumn?: string | undefined;
  /** Rows by number; else the table is an index of its key (WITHOUT ROWID). */
  isTable: boolean;
}

interface Column {
  name: string;
  type: string;
  isNeeded: boolean;
  /** A record of before the column was added does not have it. */
  mayBeMissing: boolean;
}

/** A row out of a damaged file. */
export interface RecoveredRow {
  /** Its number, of tables that have one. */
  row: number | undefined;
  /** By column. Of a row that is not sound some may be missing, or a text may have been cut or changed. */
  values: Readonly<Record<string, StoredValue | undefined>>;
  isSound: boolean;
}

/** The form of an intact database. */
export interface Layout {
  shapes: readonly Shape[];
  /** The columns of each index. */
  indexes: ReadonlyMap<string, readonly string[]>;
  /** Where the tables of a new one begin: for a file that does not say it any more. */
  roots: ReadonlyMap<string, number>;
}

/** The layout of a new database. */
export function layoutOf(database: Database): Layout {
  const entries = database.prepare(`SELECT type, name, rootpage root FROM sqlite_schema WHERE rootpage > 0`).all() as {
    type: string;
    name: string;
    root: number;
  }[];
  const columnsOf = (index: string): string[] => {
    const columns = database.prepare('SELECT name FROM pragma_index_info(?) ORDER BY seqno').all(index) as { name: string }[];
    return columns.map(({ name }) => name);
  };
  return {
    shapes: shapesOf(database),
    indexes: new Map(entries.filter(({ type }) => type === 'index').map(({ name }) => [name, columnsOf(name)])),
    roots: new Map(entries.filter(({ type }) => type === 'table').map(({ name, root }) => [name, root])),
  };
}

function shapesOf(database: Database): Shape[] {
  const tables = database
    .prepare(`SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all() as { name: string; wr: number }[];
  return tables.map(({ name, wr }) => {
    const columns = database
      .prepare('SELECT name, type, "notnull" needed, dflt_value, pk FROM pragma_table_info(?)')
      .all(name) as {
      name: string;
      type: string;
      needed: number;
      dflt_value: string | null;
      pk: number;
    }[];
    const isTable = wr === 0;
    const keys = columns.filter(({ pk }) => pk > 0).toSorted((one, other) => one.pk - other.pk);
    const alias = isTable && keys.length === 1 && keys[0]!.type.toUpperCase() === 'INTEGER' ? keys[0]!.name : undefined;
    const stored = isTable ? columns : [...keys, ...columns.filter(({ pk }) => pk === 0)];
    return {
      name,
      isTable,
      rowColumn: alias,
      columns: stored.map((column) => ({
        name: column.name,
        type: column.type.toUpperCase(),
        isNeeded: column.needed === 1 && column.name !== alias,
        mayBeMissing: column.needed === 0 || column.dflt_value !== null,
      })),
    };
  });
}

/** Whether a record may be a row of this table. One of an older layout has fewer columns; one that is cut off, too. */
export function fits({ columns, rowColumn }: Shape, { values, isSound }: StoredRecord): boolean {
  if (values.length > columns.length) return false;
  if (isSound && columns.slice(values.length).some(({ mayBeMissing }) => !mayBeMissing)) return false;
  return values.every((value, index) => {
    const { name, type, isNeeded } = columns[index]!;
    if (name === rowColumn) return value === null;
    return value === null ? !isNeeded : isOfType(value, type);
  });
}

export function shapeRow({ columns, rowColumn }: Shape, { row, record }: RecordCell): RecoveredRow {
  const { values = [], isSound = false } = record ?? {};
  return {
    row,
    isSound,
    values: Object.fromEntries(
      columns.map(({ name }, index) => [name, name === rowColumn ? row : index < values.length ? values[index] : undefined]),
    ),
  };
}

function isOfType(value: StoredValue, type: string): boolean {
  switch (type) {
    case 'INTEGER':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    case 'REAL':
      return typeof value === 'number';
    case 'TEXT':
      return typeof value === 'string';
    case 'BLOB':
      return value instanceof Uint8Array;
    default:
      return true;
  }
}
