import type { Database } from '../database.ts';
import type { RecordCell } from './b-tree.ts';
import type { StoredRecord, StoredValue } from './record.ts';

/** The form of a table's rows, to distinguish them from rows of other tables. */
export interface Shape {
  name: string;
  /** In the order of a record. */
  columns: readonly Column[];
  /** The column that is the row number, which records do not contain. */
  rowColumn?: string | undefined;
  /** Rows are stored by number. False: the table is an index of its key (WITHOUT ROWID). */
  isTable: boolean;
}

interface Column {
  name: string;
  type: string;
  isNeeded: boolean;
  /** Records older than the column do not contain it. */
  mayBeMissing: boolean;
}

/** A row of a damaged file. */
export interface RecoveredRow {
  /** Its number, if the table has row numbers. */
  row: number | undefined;
  /** By column. If the row is not sound, values may be missing, and texts may be truncated or changed. */
  values: Readonly<Record<string, StoredValue | undefined>>;
  isSound: boolean;
}

/** The schema of an intact database. */
export interface Layout {
  shapes: readonly Shape[];
  /** The columns of each index. */
  indexes: ReadonlyMap<string, readonly string[]>;
  /** The root pages of the tables in a new database, used if the damaged file does not contain them. */
  roots: ReadonlyMap<string, number>;
}

/** Returns the layout of a new database. */
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

/** Returns whether a record may be a row of this table. An older record has fewer columns, and so has a truncated one. */
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
