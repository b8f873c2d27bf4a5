import type { LedgerEntry } from '../entry.ts';
import type { Budget, BudgetScope } from './budget.ts';

/** Money reserved by a request in progress, or after a request whose cost is uncertain. */
export interface Lease {
  units: bigint;
  /** Undefined: not known. */
  models: readonly string[] | undefined;
  project: string;
  profile: string;
  vendor: string;
  clientKey?: string | undefined;
  tags?: readonly string[] | undefined;
  conversation: string;
  openedAt: number;
}

/** The properties of an entry that determine which budgets its lease belongs to. */
export type LeaseHolder = Omit<Lease, 'units' | 'models'>;

/** A lease and its entry's properties; without `units` it reserves no money. */
export interface HeldLease extends LeaseHolder {
  /** Row of the entry. */
  entry: number;
  expires_at: number;
  pid: number;
  host: string;
  is_kept: number;
  is_sound: number;
  units: bigint | undefined;
  models: readonly string[] | undefined;
}

/** The amount spent of a budget in a range of time, or (start and end 0) in a conversation. */
export interface TotalRow {
  row: bigint;
  budget: bigint;
  start: bigint;
  end: bigint;
  conversation: string;
  nano: bigint;
  rest: bigint;
  pruned_nano: bigint;
  pruned_rest: bigint;
}

/** What is known of budgets without reading the database. Every write of an entry, lease or total keeps it current. */
export interface KnownBudgets {
  readonly budgets: readonly Budget[];
  /** The totals of all ranges of time. */
  timeTotals: TotalRow[];
  /** Those of them that the transaction has not written yet. */
  readonly changedTotals: Set<TotalRow>;
  /** By the row of their entry. */
  readonly leases: Map<number, HeldLease>;
  /** Entries that this connection has opened and not ended, by id. */
  readonly opened: Map<string, { row: number; entry: LedgerEntry }>;
  /** Ends the entries of processes that have ended. */
  closeLost: (now: number) => void;
  /** Returns whether each budget of a scope has room for this additional amount, in units. */
  hasRoom: (scope: BudgetScope, more: bigint) => boolean;
  /** Returns how much more than `more` a process may reserve in advance, up to `wanted`: 0 if that would leave too little for others. */
  spareFor: (scope: BudgetScope, more: bigint, wanted: bigint) => bigint;
  /** Returns the total of a budget with a period of time for a scope. */
  totalOf: (budget: Budget, scope: BudgetScope) => TotalRow | undefined;
  /** Forgets the totals of a budget that have ended at this moment. */
  forgetTotals: (budget: number, past: number) => void;
  /** Returns the totals of a budget with a period of time that include an entry opened at this moment. */
  totalsAt: (budget: Budget, moment: number) => readonly TotalRow[];
}
