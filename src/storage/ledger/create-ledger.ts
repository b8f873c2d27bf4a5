import { statSync } from 'node:fs';
import type { Database } from '../database.ts';
import { deleteBudget, readBudgets, storeBudget } from './budget-rows.ts';
import { checkLedger } from './check-ledger.ts';
import { importEntries } from './import-entries.ts';
import { Labels } from './labels.ts';
import { readCalibration, readMeasuredSpeeds, readOutputLength } from './learning.ts';
import { ledgerError, unwritable } from './ledger-errors.ts';
import type { BudgetScope, BudgetStanding, Ledger } from './ledger.ts';
import type { Owner } from './owner.ts';
import { pruneEntries } from './prune-entries.ts';
import { readEntries, readUnbilled } from './read-entries.ts';
import { readPastWorkloads, readReport, readSums } from './reports.ts';
import { Sql } from './sql.ts';
import { readStandings } from './standings.ts';
import type { Store } from './store.ts';
import { closeLostEntries, noteGenerationId, openEntry, renewLease, settleEntry } from './write-entries.ts';

export interface LedgerParts {
  database: Database;
  path: string;
  notices: readonly string[];
  owner: Owner;
  /** Why it can only be read; undefined when it can be written. */
  readOnlyBecause?: string | undefined;
  /** Opens it anew: the file was replaced while it was open. */
  reopen: () => Database;
  /** Told of every error of the database, before it is thrown. */
  onError: (error: unknown) => void;
}

/** The ledger over an open database. */
export function createLedger({ database, path, notices, owner, readOnlyBecause, reopen, onError }: LedgerParts): Ledger {
  const sql = new Sql(database);
  const labels = new Labels(sql);
  sql.onUndone = () => labels.forget();
  const store: Store = { sql, labels, owner };
  let file = fileAt(path);

  const guarded = <Result>(doing: 'read' | 'write', work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      onError(error);
      throw ledgerError(error, { path, doing });
    }
  };
  const read = <Result>(work: () => Result): Result => guarded('read', () => sql.read(work));
  const write = <Result>(work: () => Result): Result => {
    if (readOnlyBecause !== undefined) throw unwritable(path, readOnlyBecause);
    return guarded('write', () => {
      // Somebody mended a damaged ledger meanwhile, or deleted it: what is written to the old file would be lost.
      const current = fileAt(path);
      if (current !== file) {
        sql.replace(reopen());
        labels.forget();
        file = fileAt(path);
      }
      return sql.write(work);
    });
  };

  return {
    path,
    notices,
    standings(scope) {
      let isMissing = false;
      const standings = read(() => readStandings(store, scope, { canWrite: false, onMissing: () => (isMissing = true) }));
      if (isMissing && readOnlyBecause === undefined) keepStandings(store, scope);
      return standings;
    },
    open: (entry, hold) => write(() => openEntry(store, entry, hold)),
    noteGeneration: (id, generationId) => write(() => noteGenerationId(store, id, generationId)),
    renew: (id, reservation, scope): readonly BudgetStanding[] | undefined =>
      write(() => renewLease(store, id, reservation, scope)),
    settle: (id, result, keepUntil) => write(() => settleEntry(store, id, result, keepUntil)),
    closeLost: (now) => write(() => closeLostEntries(store, now)),
    unbilled: (options) => read(() => readUnbilled(store, options)),
    noteLookUp: (id, now) =>
      void write(() => sql.run('UPDATE entry SET look_ups = look_ups + 1, looked_up_at = ? WHERE id = ?', [now, id])),
    *entries(filter, options) {
      const pages = readEntries(store, filter, options);
      for (let next = guarded('read', () => pages.next()); next.done !== true; next = guarded('read', () => pages.next())) {
        yield next.value;
      }
    },
    sums: (filter) => read(() => readSums(store, filter)),
    report: (filter, options) => read(() => readReport(store, filter, options)),
    pastWorkloads: (filter, options) => read(() => readPastWorkloads(store, filter, options)),
    calibration: (family) => read(() => readCalibration(store, family)),
    outputLength: (model, template) => read(() => readOutputLength(store, model, template)),
    measuredSpeeds: (model) => read(() => readMeasuredSpeeds(store, model)),
    budgets: () => read(() => readBudgets(sql)),
    setBudget: (budget) => write(() => storeBudget(sql, budget)),
    removeBudget: (id) => write(() => deleteBudget(sql, id)),
    import: (entries) => write(() => importEntries(store, entries)),
    prune(before) {
      const deleted = write(() => pruneEntries(store, before));
      if (deleted > 0) giveSpaceBack(sql);
      return deleted;
    },
    check: () => read(() => checkLedger(store, path)),
    close: () => sql.close(),
  };
}

function fileAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

// Only spares adding up the next time.
function keepStandings(store: Store, scope: BudgetScope): void {
  try {
    store.sql.write(() => readStandings(store, scope, { canWrite: true }));
  } catch {
    // Then it is added up again.
  }
}

// Impossible while others read: then the room is used for entries to come.
function giveSpaceBack(sql: Sql): void {
  try {
    sql.run('VACUUM');
    sql.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // As above.
  }
}
