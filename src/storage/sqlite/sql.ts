import { type Database, type Migration, rollBack } from './database.ts';
import { patiently } from './patiently.ts';
import { wrongWith } from './recover/wrong-with.ts';
import { withTexts } from './stored-text.ts';

/** Values that can be bound. Numbers are bound as reals: an INTEGER column converts them back to integers, an expression does not. */
export type SqlValue = string | number | bigint | Uint8Array | null | undefined;

type Statement = ReturnType<Database['prepare']>;
const CACHED_STATEMENTS = 100;

/**
 * A connection with cached statements and transactions. It always reads all rows of a query: a statement with unread rows would hold an old
 * snapshot of the database and make the next write fail.
 */
export class Sql {
  #database: Database;
  readonly #statements = new Map<string, Statement>();
  #isInside = false;
  /** Called after a rollback: data cached during the transaction is invalid. */
  onUndone: () => void = () => undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns the number of changed rows. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return patiently(() => this.#prepared(sql).run([...values]).changes);
  }

  insert(sql: string, values: readonly SqlValue[]): number {
    return Number(patiently(() => this.#prepared(sql).run([...values]).lastInsertRowid));
  }

  first<Row>(sql: string, values: readonly SqlValue[] = []): Row | undefined {
    const row = patiently(() => this.#prepared(sql).get([...values]) as Row | undefined);
    return row === undefined ? undefined : withTexts(row);
  }

  all<Row>(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.allBytes<Row>(sql, values).map(withTexts);
  }

  /** Returns rows without converting bytes to text. */
  allBytes<Row>(sql: string, values: readonly SqlValue[] = []): Row[] {
    return patiently(() => this.#prepared(sql).all([...values]) as Row[]);
  }

  /** Returns rows with every integer as a bigint, for sums that may exceed 2^53. */
  allExact<Row>(sql: string, values: readonly SqlValue[] = []): Row[] {
    return patiently(() => this.#prepared(sql, true).all([...values]) as Row[]).map(withTexts);
  }

  /** Runs one transaction that may write. It first waits for write transactions of other processes. */
  write<Result>(work: () => Result, patienceMs?: number): Result {
    return this.#transaction('IMMEDIATE', work, patienceMs);
  }

  /** Runs several queries on one snapshot of the database. */
  read<Result>(work: () => Result): Result {
    return this.#transaction('DEFERRED', work);
  }

  pragma(text: string): void {
    this.#database.pragma(text);
  }

  /** Reads the whole database and returns what is damaged: recover/wrong-with.ts. */
  wrongWith(migrations: readonly Migration[]): string[] {
    return wrongWith(this.#database, migrations);
  }

  /** Continues with another database. */
  replace(database: Database): void {
    this.close();
    this.#database = database;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #transaction<Result>(mode: string, work: () => Result, patienceMs?: number): Result {
    if (this.#isInside) return work();
    patiently(() => this.#database.exec(`BEGIN ${mode}`), patienceMs);
    this.#isInside = true;
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      rollBack(this.#database);
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
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(key, statement);
    return statement;
  }
}
