import { zoneOffsetNow } from './zone-phase.ts';
import type { EntryFilter } from '../entry.ts';
import { needsEntries } from '../reports/reports.ts';
import type { Store } from '../store.ts';
import { RollupDamage } from './bytes.ts';
import { isAtMost } from './entry-count.ts';
import { foldEntries } from './fold.ts';
import { forgetRollups, readState } from './stored-spans.ts';
import { wrongRollups } from './check-rollups.ts';
import { monotonicMs } from '../../../monotonic.ts';

/** The process that ends an entry whose row number is a multiple of this folds what is over. */
const FOLD_EVERY = 1000;
/** A report reads up to this many unfolded entries rather than write. */
const FEW_UNFOLDED = 2000;
/** Entries that one transaction folds: less than half a second. */
const CHUNK = 50_000;
const FOLD_PATIENCE_MS = 500;
const TELL_AFTER_MS = 1000;

export interface RollupKeeper {
  /** Reads a report over these entries. Folds first if much is unfolded, and makes damaged rollups again. */
  read: <Result>(filter: EntryFilter, work: () => Result) => Result;
  /** Called within the transaction that ends an entry. Never fails because of the rollups. */
  afterEnd: (row: number | undefined) => void;
  /** Compares the rollups with the entries, and makes them again if they differ. Returns what differed. */
  check: () => string[];
}

interface KeeperParts {
  read: <Result>(work: () => Result) => Result;
  write: <Result>(work: () => Result, patienceMs?: number) => Result;
  canWrite: boolean;
  now: () => number;
  tell: (text: string) => void;
}

export function rollupKeeper(store: Store, { read, write, canWrite, now, tell }: KeeperParts): RollupKeeper {
  const fold = (isStrict = false): boolean =>
    foldEntries(store, { now: now(), phase: zoneOffsetNow(now()), limit: CHUNK, isStrict });

  function foldAll(patienceMs?: number): void {
    const start = monotonicMs();
    let isTold = false;
    while (!write(() => fold(), patienceMs)) {
      if (isTold || monotonicMs() - start < TELL_AFTER_MS) continue;
      tell('computing sums for reports; this happens only once, and you can interrupt it');
      isTold = true;
    }
  }

  function prepare(filter: EntryFilter): void {
    if (!canWrite || !read(() => isWorthFolding(store, filter))) return;
    try {
      foldAll(FOLD_PATIENCE_MS);
    } catch {
      // The report reads the entries instead.
    }
  }

  function makeAgain(): void {
    write(() => forgetRollups(store));
    foldAll();
  }

  return {
    read(filter, work) {
      prepare(filter);
      try {
        return readSound(work);
      } catch (error) {
        if (!(error instanceof RollupDamage)) throw error;
        tell(`the sums for reports are damaged (${error.message}); orx computes them again from the entries`);
      }
      try {
        if (canWrite) makeAgain();
        return readSound(work);
      } catch {
        return read(() => fromEntries(store, work));
      }
    },
    afterEnd(row) {
      if (row === undefined || row % FOLD_EVERY !== 0) return;
      store.sql.run('SAVEPOINT fold');
      try {
        fold(true);
      } catch (error) {
        try {
          store.sql.run('ROLLBACK TO fold');
        } catch {
          // SQLite has ended the whole transaction.
          throw error;
        }
      }
      store.sql.run('RELEASE fold');
    },
    check() {
      const wrong = read(() => wrongRollups(store));
      if (wrong.length > 0 && canWrite) makeAgain();
      return wrong;
    },
  };

  /** Lets damage of the rollups pass the conversion of errors. */
  function readSound<Result>(work: () => Result): Result {
    let damage: RollupDamage | undefined;
    const result = read(() => {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof RollupDamage)) throw error;
        damage = error;
        return undefined;
      }
    });
    if (damage !== undefined) throw damage;
    return result as Result;
  }
}

function fromEntries<Result>(store: Store, work: () => Result): Result {
  store.ignoresRollups = true;
  try {
    return work();
  } finally {
    store.ignoresRollups = false;
  }
}

function isWorthFolding(store: Store, filter: EntryFilter): boolean {
  if (needsEntries(store, filter)) return false;
  try {
    return !isAtMost(store, [{ start: readState(store)?.unfoldedFrom ?? 0, end: Infinity }], FEW_UNFOLDED);
  } catch (error) {
    if (error instanceof RollupDamage) return false;
    throw error;
  }
}
