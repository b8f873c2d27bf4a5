/**
 * The ledger: one entry for every completion that orx requests, and the budgets that limit them. This file is the interface; `open-ledger.ts`
 * opens the database behind it. Amounts are USD as exact decimal text, times are milliseconds since 1970.
 */

import type { Budget, BudgetScope, BudgetStanding, Hold, Opened, Reservation } from './budgets/budget.ts';
import type { SliceChange } from './writer/budget-slices.ts';
import type { EntryFilter, EntryResult, LedgerEntry, OpeningEntry } from './entry.ts';
import type {
  Calibration,
  FallbackUse,
  MeasuredSpeed,
  OutputLength,
  PastTurn,
  PastWorkload,
  RatioBounds,
  Report,
  ReportOptions,
  Sums,
  WorkloadCut,
} from './reports/report.ts';

export interface LedgerCheck {
  entries: number;
  open: number;
  /** Settled without a billed cost. */
  unbilled: number;
  reservations: number;
  bytes: number;
  /** What is wrong, one line each; empty if everything is intact. */
  problems: readonly string[];
  /** Sums for reports that differed from the entries: the check has made them again. */
  repaired: readonly string[];
}

/**
 * Any number of processes may use one ledger at once. Every method is one transaction. All throw OrxError of kind `unexpected` (code
 * `ledger-unwritable`, `ledger-unreadable`) if the disk fails; callers that are about to answer report the error and continue.
 */
export interface Ledger {
  path: string;
  /** Notices of the opening that the user must see with any command: damage, and what was recovered. */
  notices: readonly string[];
  /** Damage among them that this process has found. */
  damage: readonly string[];
  /** Entries or budgets are missing because of it, or may be: a command that lists them exits with code 1. */
  isIncomplete: boolean;

  /** Returns the budgets that apply to a scope, with the spent and reserved amounts; [] if there are none. */
  standings(scope: BudgetScope): readonly BudgetStanding[];
  /**
   * Creates the entry and reserves the amount in one transaction, unless that exceeds a budget of the scope. Without a reservation it reserves
   * nothing.
   */
  open(entry: OpeningEntry, hold?: Hold): Opened;
  /** Stores the generation id as soon as it is known, so that the cost can be looked up after a crash. */
  noteGeneration(id: string, generationId: string): void;
  /**
   * Extends a reservation, or increases its amount. Returns undefined on success, otherwise the budgets that have no room for more; nothing has
   * changed then.
   */
  renew(id: string, reservation: Reservation, scope: BudgetScope): readonly BudgetStanding[] | undefined;
  /**
   * Ends an entry, once: a later call only replaces a worse cost source by a better one. The reservation ends too; if the cost is only
   * estimated, the part above the estimate stays reserved until `keepUntil`.
   */
  settle(id: string, result: EntryResult, keepUntil?: number): void;
  /** Does what `open` without a reservation and `settle` do for an entry that has already ended. */
  record(entry: OpeningEntry, result: EntryResult): void;
  /** As `settle`, but the entry's lease, of which other requests hold parts, stays until `setSlice` ends it. */
  settleBesideSlice(id: string, result: EntryResult): void;
  /** Changes the lease that holds a spare amount. Without an amount it ends, unless its entry is still open. */
  setSlice(change: SliceChange): void;
  /**
   * Returns undefined if a request may reserve this much more within a slice, so that its whole reservation is `amount`; otherwise the
   * budgets that have no room for it. Changes nothing.
   */
  refusals(amount: string, more: string, scope: BudgetScope): readonly BudgetStanding[] | undefined;
  /** Runs several of these methods in one transaction. If one of them throws, nothing has changed. */
  together<Result>(work: () => Result): Result;

  /**
   * Closes the entries of processes that ended (their lease has expired, or the process does not run any more): outcome `lost`, cost as
   * expected.
   */
  closeLost(now: number): number;
  /** Returns entries of the API with a generation id and no billed cost, opened at or after `since`, oldest first. */
  unbilled(options: { since: number; limit: number }): readonly LedgerEntry[];
  /** Returns ended entries with unknown cost, oldest first. Reads the whole ledger. */
  unpriced(): readonly LedgerEntry[];
  /** Records that a look-up found nothing, so that the next ones are delayed. */
  noteLookUp(id: string, now: number): void;

  /** Yields entries in order of time; `order: 'latest'` yields the newest first. */
  entries(filter: EntryFilter, options?: { order?: 'oldest' | 'latest'; limit?: number }): Iterable<LedgerEntry>;
  sums(filter: EntryFilter): Sums;
  /** Returns the amount in USD that a client key has spent since each of these moments: reads only its own entries. */
  clientSpending(clientKey: string, since: readonly number[]): readonly string[];
  /** Returns the entry of the answer with this generation id. Reads the whole ledger. */
  findGeneration(generationId: string): LedgerEntry | undefined;
  /**
   * Returns the latest answer of a gateway with this generation id that the client requested; undefined: a client without a key, of whose answers it
   * reads the last ones.
   */
  servedGeneration(generationId: string, clientKey: string | undefined): LedgerEntry | undefined;
  /** Returns whether a client key requested the answer with this generation id. */
  hasGeneration(generationId: string, clientKey: string): boolean;
  report(filter: EntryFilter, options: ReportOptions): Report;
  /** Returns the answers of other models and providers by their reason, the most frequent ones first. */
  fallbackUses(filter: EntryFilter): readonly FallbackUse[];
  /** `byModel` (default false): whether to separate models, which takes longer. */
  pastWorkloads(filter: EntryFilter, options: WorkloadCut & { byModel?: boolean }): readonly PastWorkload[];
  /** Returns the latest turns, in order of time. */
  pastTurns(filter: EntryFilter, options: { limit: number }): readonly PastTurn[];
  /**
   * Returns the number of conversations whose id starts with this text, and which of them made the latest request. A complete id is only that
   * conversation.
   */
  conversations(beginning: string): { count: number; latest: string | undefined };

  /** Ignores counts outside the bounds. Undefined if there is too little data. */
  calibration(family: string, bounds: RatioBounds): Calibration | undefined;
  outputLength(model: string, template?: string): OutputLength | undefined;
  measuredSpeeds(model: string): readonly MeasuredSpeed[];

  budgets(): readonly Budget[];
  /** Returns whether there are budgets, or may be, even if the ledger cannot be read (any more). */
  mayHaveBudgets(): boolean;
  /** Replaces the budget with the same period and scope, or adds one. */
  setBudget(budget: Omit<Budget, 'id'>): Budget;
  removeBudget(id: number): Budget | undefined;

  /** Adds entries that do not exist yet (by id), in one transaction. */
  import(entries: Iterable<LedgerEntry>): { added: number; known: number };
  /** Deletes settled entries opened before this moment. */
  prune(before: number): number;
  check(): LedgerCheck;
  close(): void;
}
