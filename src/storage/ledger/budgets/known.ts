import type { LedgerEntry } from '../entry.ts';
import type { Budget, BudgetScope } from './budget.ts';

/** Money reserved by a request under way, or reserved after one whose cost is not known for sure. */
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

/** What of an entry decides which budgets its lease holds money of. */
export type LeaseHolder = Omit<Lease, 'units' | 'models'>;

/** A lease and whose it is; one without `units` holds no money. */
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

/** What was spent of a budget in a stretch of time, or (start and end 0) in a conversation. */
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
  /** The totals of all stretches of time. */
  readonly timeTotals: TotalRow[];
  /** By the row of their entry. */
  readonly leases: Map<number, HeldLease>;
  /** Entries that this connection has opened and not ended, by id. */
  readonly opened: Map<string, { row: number; entry: LedgerEntry }>;
  /** Ends the entries of processes that are gone. */
  closeLost: (now: number) => void;
  /** Whether each budget of a scope has room for so much more, in units. */
  hasRoom: (scope: BudgetScope, more: bigint) => boolean;
  /** The total of a budget of time where the scope is. */
  totalOf: (budget: Budget, scope: BudgetScope) => TotalRow | undefined;
  /** The totals of a budget of time that an entry opened at this moment counts for. */
  totalsAt: (budget: Budget, moment: number) => readonly TotalRow[];
}
