import type { Database } from './database.ts';

/** What can be bound. Numbers are bound as reals: an INTEGER column takes them back to whole ones, an expression does not. */
export type SqlValue = string | number | bigint | Uint8Array | null | undefined;

type Statement = ReturnType<Database['prepare']>;
const KEPT_STATEMENTS = 100;

/**
 * One connection: statements prepared once, transactions, and rows read whole, because a statement left in the middle of its rows would
 * hold an old picture of the database and make the next write fail.
 */
export class Sql {
  #database: Database;
  readonly #statements = new Map<string, Statement>();
  #isInside = false;
  /** Called when a transaction was undone: what was remembered of it is wrong. */
  onUndone: () => void = () => undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many rows were changed. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#prepared(sql).run([...values]).changes;
  }

  insert(sql: string, values: readonly SqlValue[]): number {
    return Number(this.#prepared(sql).run([...values]).lastInsertRowid);
  }

  first<Row>(sql: string, values: readonly SqlValue[] = []): Row | undefined {
    return this.#prepared(sql).get([...values]) as Row | undefined;
  }

  all<Row>(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.#prepared(sql).all([...values]) as Row[];
  }

  /** With every whole number as a bigint: for sums that may pass 2^53. */
  allExact<Row>(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.#prepared(sql, true).all([...values]) as Row[];
  }

  /** One transaction that may write, and that waits at its beginning for those of other processes. */
  write<Result>(work: () => Result): Result {
    return this.#transaction('IMMEDIATE', work);
  }

  /** One picture of the database for several queries. */
  read<Result>(work: () => Result): Result {
    return this.#transaction('DEFERRED', work);
  }

  pragma(text: string): unknown[] {
    return this.#database.pragma(text) as unknown[];
  }

  /** Goes on with another database. */
  replace(database: Database): void {
    this.close();
    this.#database = database;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #transaction<Result>(mode: string, work: () => Result): Result {
    if (this.#isInside) return work();
    this.#database.exec(`BEGIN ${mode}`);
    this.#isInside = true;
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite itself has undone it when the disk was full.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      this.onUndone();
      throw error;
    } finally {
      this.#isInside = false;
    }
  }

  #prepared(sql: string, isExact = false): Statement {
    const key = isExact ? `exact ${sql}` : sql;
    const known = this.#statements.get(key);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    if (isExact) statement.safeIntegers(true);
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    this.#statements.set(key, statement);
    return statement;
  }
}
