import { guardSql } from '../sqlite/guarded-sql.ts';
import { deleteBudget, readBudgets, storeBudget } from './budgets/rows.ts';
import { KeptBook } from './budgets/book.ts';
import { budgetKeeper } from './budgets/keep.ts';
import { mayHaveBudgets } from './budgets/copy.ts';
import { storeTotals, sumOfTotals } from './budgets/totals.ts';
import { checkLedger } from './check.ts';
import { importEntries } from './import.ts';
import { Labels } from './labels.ts';
import { readCalibration, readMeasuredSpeeds, readOutputLength } from './learned/learning.ts';
import type { BudgetScope, BudgetStanding } from './budgets/budget.ts';
import type { Ledger } from './ledger.ts';
import type { Owner } from '../files/owner.ts';
import { readPastConversations, readPastTurns } from './learned/past-turns.ts';
import { readPastWorkloads } from './learned/past-workloads.ts';
import { isGenerationOf, readClientSpending, readServedGeneration } from './client-entries.ts';
import { readEntries, readGeneration, readUnbilled, readUnpriced } from './read.ts';
import { readFallbackUses } from './reports/fallback-uses.ts';
import { readReport, readSums } from './reports/reports.ts';
import { rollupKeeper } from './rollups/keep-rollups.ts';
import type { SturdyDatabase } from '../sqlite/sturdy-database.ts';
import { readStandings } from './budgets/standings.ts';
import type { NotedBy, Store } from './store.ts';
import {
  closeLostEntries,
  noteGenerationId,
  openEntry,
  pruneEntries,
  recordEnded,
  refusalsOf,
  renewLease,
  settleEntry,
} from './write.ts';
import { changeSlice } from './budgets/leases.ts';
import { toUnits } from './cost-units.ts';
import { monotonicMs } from '../../monotonic.ts';

/** The answer exists and has been paid for: orx records its cost even if another program locks the ledger for long. */
const SETTLE_PATIENCE_MS = 120_000;
const COPY_EVERY_MS = 1000;

interface LedgerParts {
  owner: Owner;
  now: () => number;
  copyPath: string;
  logPages?: number | undefined;
  fewEntries?: number | undefined;
  notedBy?: NotedBy | undefined;
  onNotice?: ((text: string) => void) | undefined;
}

/** Creates the ledger's methods for an open database. */
export function createLedger(
  opened: SturdyDatabase,
  { owner, now, copyPath, logPages, fewEntries, notedBy, onNotice = () => undefined }: LedgerParts,
): Ledger {
  const { path, readOnlyBecause } = opened;
  const {
    sql,
    read,
    write: writeAlone,
    guarded,
    giveSpaceBack,
  } = guardSql(opened, () => {
    forget();
    limitLog();
  });
  const labels = new Labels(sql);
  const store: Store = { sql, labels, owner, notedBy, fewEntries };
  const kept = new KeptBook(store, (moment) => void closeLostEntries(store, moment));
  const forget = (): void => {
    labels.forget();
    kept.forget();
  };
  sql.onUndone = forget;
  const limitLog = (): void => {
    if (logPages !== undefined && readOnlyBecause === undefined) sql.pragma(`wal_autocheckpoint = ${logPages}`);
  };
  limitLog();
  const write: typeof writeAlone = (work, patienceMs) => {
    // Only writes that use the cache update it; any other write invalidates it.
    if (store.book === undefined) kept.forget();
    return writeAlone(work, patienceMs);
  };
  const keeper = budgetKeeper(store, copyPath);
  const rollups = rollupKeeper(store, { read, write, canWrite: readOnlyBecause === undefined, now, tell: onNotice });
  let { isRead } = opened;
  let [copiedAt, isCopyDue] = [-Infinity, false];
  const { notices, damage, isIncomplete } = withBudgets();

  return {
    path,
    notices,
    damage,
    isIncomplete,
    standings(scope) {
      let isMissing = false;
      const standings = read(() => readStandings(store, scope, { canWrite: false, onMissing: () => (isMissing = true) }));
      if (isMissing && readOnlyBecause === undefined) {
        keepStandings(store, scope);
        keepCopy();
      }
      return standings;
    },
    // Inside `together`, one transaction and one look at the file are enough for all.
    open: (entry, hold) =>
      store.book === undefined ? write(() => openEntry(store, entry, hold)) : openEntry(store, entry, hold),
    noteGeneration: (id, generationId) => write(() => noteGenerationId(store, id, generationId)),
    renew: (id, reservation, scope): readonly BudgetStanding[] | undefined =>
      write(() => renewLease(store, id, reservation, scope)),
    settle(id, result, keepUntil) {
      const end = (): void => rollups.afterEnd(settleEntry(store, id, result, keepUntil));
      if (store.book === undefined) copying(end, SETTLE_PATIENCE_MS);
      else end();
    },
    record(entry, result) {
      const add = (): void => rollups.afterEnd(recordEnded(store, entry, result));
      if (store.book === undefined) copying(add, SETTLE_PATIENCE_MS);
      else add();
    },
    settleBesideSlice(id, result) {
      const end = (): void => rollups.afterEnd(settleEntry(store, id, result, undefined, true));
      if (store.book === undefined) copying(end, SETTLE_PATIENCE_MS);
      else end();
    },
    setSlice: (change) => write(() => changeSlice(store, change)),
    refusals: (amount, more, scope) => write(() => refusalsOf(store, amount, toUnits(more), scope)),
    together(work) {
      const all = (): ReturnType<typeof work> => {
        const done = work();
        storeTotals(store);
        return done;
      };
      const done = writeAlone(() => withBook(() => withCopy(all)), SETTLE_PATIENCE_MS);
      keepCopy();
      return done;
    },
    closeLost: (now) => copying(() => closeLostEntries(store, now)),
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
    sums: (filter) => rollups.read(filter, () => readSums(store, filter)),
    clientSpending: (clientKey, since) => read(() => readClientSpending(store, clientKey, since)),
    findGeneration: (id) => read(() => readGeneration(store, id)),
    servedGeneration: (id, clientKey) => read(() => readServedGeneration(store, id, clientKey)),
    hasGeneration: (id, clientKey) => read(() => isGenerationOf(store, id, clientKey)),
    report: (filter, options) => rollups.read(filter, () => readReport(store, filter, options)),
    fallbackUses: (filter) => read(() => readFallbackUses(store, filter)),
    pastWorkloads: (filter, options) => rollups.read(filter, () => readPastWorkloads(store, filter, options)),
    pastTurns: (filter, options) => read(() => readPastTurns(store, filter, options)),
    conversations: (beginning) => read(() => readPastConversations(store, beginning)),
    calibration: (family, bounds) => read(() => readCalibration(store, family, bounds)),
    outputLength: (model, template) => read(() => readOutputLength(store, model, template)),
    measuredSpeeds: (model) => read(() => readMeasuredSpeeds(store, model)),
    budgets: () => read(() => readBudgets(sql)),
    mayHaveBudgets: () => mayHaveBudgets(copyPath),
    setBudget(budget) {
      copiedAt = -Infinity;
      return copying(() => storeBudget(sql, budget));
    },
    removeBudget: (id) =>
      write(() => {
        const removed = deleteBudget(sql, id);
        // Before the transaction commits: otherwise an outdated copy would restore the budget.
        keeper.copy(now());
        return removed;
      }),
    import: (entries) => copying(() => importEntries(store, entries)),
    prune(before) {
      const deleted = write(() => pruneEntries(store, before));
      if (deleted > 0) giveSpaceBack();
      return deleted;
    },
    check() {
      const damage = read(() => checkLedger(store, path, isRead));
      isRead = false;
      return { ...damage, repaired: damage.problems.length > 0 ? [] : rollups.check() };
    },
    close() {
      copiedAt = -Infinity;
      if (isCopyDue) keepCopy();
      sql.close();
    },
  };

  function withBook<Result>(work: () => Result): Result {
    store.book = kept.current();
    try {
      return work();
    } finally {
      store.book = undefined;
    }
  }

  /** Writes, and updates the copy of the budgets. */
  function copying<Result>(work: () => Result, patienceMs?: number): Result {
    const result = write(() => withCopy(work), patienceMs);
    keepCopy();
    return result;
  }

  /** Does the work of a transaction. The copy must never contain more than the ledger, even if this process dies: it would seem that entries are lost. */
  function withCopy<Result>(work: () => Result): Result {
    // Without budgets there is nothing to copy.
    if (store.book?.budgets.length === 0) return work();
    const before = sumOfTotals(store);
    const done = work();
    if (sumOfTotals(store) < before) keeper.copy(now());
    return done;
  }

  /** Copies the first of many answers in a row immediately, and the others soon after. */
  function keepCopy(): void {
    isCopyDue = monotonicMs() - copiedAt < COPY_EVERY_MS;
    if (isCopyDue) return;
    copiedAt = monotonicMs();
    try {
      if (readBudgets(sql).length > 0) sql.write(() => keeper.copy(now()));
    } catch {
      // The next copy includes it.
    }
  }

  function withBudgets(): Pick<Ledger, 'notices' | 'damage' | 'isIncomplete'> {
    if (readOnlyBecause !== undefined || keeper.agree(now())) return opened;
    const both = write(() => keeper.reconcile(now(), opened.isNew));
    return {
      notices: [...opened.notices, ...both.notices],
      damage: [...opened.damage, ...both.notices],
      isIncomplete: opened.isIncomplete || both.isIncomplete,
    };
  }
}

// Only saves calculating the totals again next time.
function keepStandings(store: Store, scope: BudgetScope): void {
  try {
    store.sql.write(() => readStandings(store, scope, { canWrite: true }));
  } catch {
    // They are calculated again next time.
  }
}
