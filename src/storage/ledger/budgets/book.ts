import type { LedgerEntry } from '../entry.ts';
import { toUnits } from '../cost-units.ts';
import type { Store } from '../store.ts';
import type { Budget, BudgetScope } from './budget.ts';
import type { HeldLease, KnownBudgets, TotalRow } from './known.ts';
import { isHeld, livenessOf, readLeases } from './leases.ts';
import { appliesTo, readBudgets, spanOf } from './rows.ts';
import { holdsOf } from './standings.ts';
import { readTimeTotals, spentOf } from './totals.ts';

/** A process may reserve a sixty-fourth of what is left in advance, if that is enough for some requests. */
const SHARES = 64n;
const LEAST_REQUESTS = 4n;

/** A copy of budgets, totals and leases in memory. Only valid inside a write transaction that KeptBook has checked. */
class BudgetBook implements KnownBudgets {
  readonly budgets: readonly Budget[];
  /** The totals of all ranges of time. */
  timeTotals: TotalRow[];
  readonly changedTotals = new Set<TotalRow>();
  /** By the row of their entry. */
  readonly leases = new Map<number, HeldLease>();
  /** Entries that this connection has opened and not ended, by id. */
  readonly opened = new Map<string, { row: number; entry: LedgerEntry }>();
  readonly #store: Store;
  readonly #limits: ReadonlyMap<number, bigint>;
  readonly #closeLost: (now: number) => void;
  #isChecked = false;
  /** The owners of all leases have been checked in this transaction. */
  isCheckedNow = false;

  constructor(store: Store, closeLost: (now: number) => void) {
    this.#store = store;
    this.#closeLost = closeLost;
    this.budgets = readBudgets(store.sql);
    this.timeTotals = readTimeTotals(store.sql);
    this.#limits = new Map(this.budgets.map(({ id, limit }) => [id, toUnits(limit)]));
    for (const lease of readLeases(store)) this.leases.set(lease.entry, lease);
  }

  closeLost(now: number): void {
    if (this.isCheckedNow) return;
    this.isCheckedNow = true;
    const isAlive = livenessOf(this.#store.owner, now);
    let hasLost = !this.#isChecked;
    for (const lease of this.leases.values()) {
      if (isAlive(lease)) continue;
      hasLost = true;
      if (lease.is_kept !== 0) this.leases.delete(lease.entry);
    }
    if (hasLost) this.#closeLost(now);
    this.#isChecked = true;
  }

  /** Returns whether each budget of a scope has room for this additional amount, in units. */
  hasRoom(scope: BudgetScope, more: bigint): boolean {
    return this.budgets.every((budget) => !appliesTo(budget, scope) || this.#left(budget, scope, more) >= more);
  }

  spareFor(scope: BudgetScope, more: bigint, wanted: bigint): bigint {
    let spare = wanted;
    for (const budget of this.budgets) {
      // The budget of one request is not shared.
      if (budget.period === 'request' || !appliesTo(budget, scope)) continue;
      const share = (this.#left(budget, scope, more) - more) / SHARES;
      if (share < spare) spare = share;
    }
    return spare < more * LEAST_REQUESTS ? 0n : spare;
  }

  /** Returns what is left of a budget, or something below `least` if it is less. */
  #left(budget: Budget, scope: BudgetScope, least: bigint): bigint {
    let left = this.#limits.get(budget.id)! - spentOf(this.#store, budget, scope, { canWrite: true });
    if (left < least) return left;
    for (const lease of this.leases.values()) if (isHeld(lease, scope.now) && holdsOf(budget, lease, scope)) left -= lease.units;
    return left;
  }

  /** Forgets the totals of a budget that have ended at this moment. */
  forgetTotals(budget: number, past: number): void {
    this.timeTotals = this.timeTotals.filter((total) => total.budget !== BigInt(budget) || total.end > BigInt(past));
  }

  /** Returns the totals that include an entry opened at this moment. */
  totalsAt(budget: Budget, moment: number): readonly TotalRow[] {
    const [id, at] = [BigInt(budget.id), BigInt(Math.round(moment))];
    return this.timeTotals.filter((total) => total.budget === id && total.start <= at && total.end > at);
  }

  totalOf(budget: Budget, scope: BudgetScope): TotalRow | undefined {
    const span = spanOf(budget, scope);
    if (span === undefined) return undefined;
    const [id, start, end] = [BigInt(budget.id), BigInt(span.start), BigInt(span.end)];
    return this.timeTotals.find((total) => total.budget === id && total.start === start && total.end === end);
  }
}

/**
 * Keeps the copy between transactions: a server writes many requests per second, and its thread is nearly always the only writer.
 * Everything that it writes itself updates the copy. Once another connection has written, the copy is read again.
 */
export class KeptBook {
  readonly #store: Store;
  #book: BudgetBook | undefined;
  #version: number | undefined;
  readonly #closeLost: (now: number) => void;

  /** `closeLost` ends the entries of processes that have ended. */
  constructor(store: Store, closeLost: (now: number) => void) {
    this.#store = store;
    this.#closeLost = closeLost;
  }

  /** Returns a copy that is current. Inside a write transaction only. */
  current(): BudgetBook {
    const version = this.#store.sql.first<{ data_version: number }>('PRAGMA data_version')?.data_version;
    if (this.#book === undefined || version !== this.#version) {
      this.#book = new BudgetBook(this.#store, this.#closeLost);
      this.#version = version;
    }
    this.#book.isCheckedNow = false;
    return this.#book;
  }

  forget(): void {
    this.#book = undefined;
  }
}
