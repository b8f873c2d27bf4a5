import { guardSql } from '../guarded-sql.ts';
import { deleteBudget, readBudgets, storeBudget } from './budget-rows.ts';
import { checkLedger } from './check-ledger.ts';
import { importEntries } from './import-entries.ts';
import { Labels } from './labels.ts';
import { readCalibration, readMeasuredSpeeds, readOutputLength } from './learning.ts';
import type { BudgetScope, BudgetStanding } from './budget.ts';
import type { Ledger } from './ledger.ts';
import type { Owner } from '../owner.ts';
import { pruneEntries } from './prune-entries.ts';
import { readConversations, readPastTurns } from './past-turns.ts';
import { readPastWorkloads } from './past-workloads.ts';
import { readEntries, readUnbilled, readUnpriced } from './read-entries.ts';
import { readReport, readSums } from './reports.ts';
import type { SturdyDatabase } from '../sturdy-database.ts';
import { readStandings } from './standings.ts';
import type { Store } from './store.ts';
import { closeLostEntries, noteGenerationId, openEntry, renewLease, settleEntry } from './write-entries.ts';

/** The ledger over an open database. */
export function createLedger(opened: SturdyDatabase, owner: Owner): Ledger {
  const { path, notices, readOnlyBecause } = opened;
  const { sql, read, write, guarded, giveSpaceBack } = guardSql(opened, () => labels.forget());
  const labels = new Labels(sql);
  sql.onUndone = () => labels.forget();
  const store: Store = { sql, labels, owner };

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
    unpriced: () => read(() => readUnpriced(store)),
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
    pastTurns: (filter, options) => read(() => readPastTurns(store, filter, options)),
    conversations: (beginning) => read(() => readConversations(store, beginning)),
    calibration: (family, bounds) => read(() => readCalibration(store, family, bounds)),
    outputLength: (model, template) => read(() => readOutputLength(store, model, template)),
    measuredSpeeds: (model) => read(() => readMeasuredSpeeds(store, model)),
    budgets: () => read(() => readBudgets(sql)),
    setBudget: (budget) => write(() => storeBudget(sql, budget)),
    removeBudget: (id) => write(() => deleteBudget(sql, id)),
    import: (entries) => write(() => importEntries(store, entries)),
    prune(before) {
      const deleted = write(() => pruneEntries(store, before));
      if (deleted > 0) giveSpaceBack();
      return deleted;
    },
    check: () => read(() => checkLedger(store, path)),
    close: () => sql.close(),
  };
}

// Only spares adding up the next time.
function keepStandings(store: Store, scope: BudgetScope): void {
  try {
    store.sql.write(() => readStandings(store, scope, { canWrite: true }));
  } catch {
    // Then it is added up again.
  }
}
