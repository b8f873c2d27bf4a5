import type { Database } from '../database.ts';
import type { Cell } from './b-tree.ts';
import type { StoredRecord, StoredValue } from './record.ts';

/** What the rows of a table look like, so that they can be told from those of others. */
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
}

/** A row out of a damaged file. */
export interface RecoveredRow {
  /** Its number, of tables that have one. */
  row: number | undefined;
  /** By column. Of a row that is not sound some may be missing, or a text may have been cut or changed. */
  values: Readonly<Record<string, StoredValue | undefined>>;
  isSound: boolean;
}

/** The shapes of all tables of a sound database of the same layout. */
export function shapesOf(database: Database): Shape[] {
  const tables = database
    .prepare(`SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all() as { name: string; wr: number }[];
  return tables.map(({ name, wr }) => {
    const columns = database.prepare('SELECT name, type, "notnull" needed, pk FROM pragma_table_info(?)').all(name) as {
      name: string;
      type: string;
      needed: number;
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
      })),
    };
  });
}

/** Whether a record may be a row of this table. One of an older layout has fewer columns; one that is cut off, too. */
export function fits({ columns, rowColumn }: Shape, { values, isSound }: StoredRecord, isExact = true): boolean {
  if (values.length > columns.length || (isExact && isSound && values.length < columns.length)) return false;
  return values.every((value, index) => {
    const { name, type, isNeeded } = columns[index]!;
    if (name === rowColumn) return value === null;
    return value === null ? !isNeeded : isOfType(value, type);
  });
}

export function rowOf({ columns, rowColumn }: Shape, { row, record }: Cell): RecoveredRow {
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
