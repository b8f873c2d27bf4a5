/**
 * The ledger: one entry for every completion that orx asks for, and the budgets that hold them back. This file is the contract; the
 * database behind it is `open-ledger.ts`. Money is USD as exact decimal text, times are milliseconds since 1970.
 */

import type { Budget, BudgetScope, BudgetStanding, Opened, Reservation } from './budgets/budget.ts';
import type { EntryFilter, EntryResult, LedgerEntry, OpeningEntry } from './entry.ts';
import type {
  Calibration,
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
  /** What is wrong, a line each; empty when all is well. */
  problems: readonly string[];
}

/**
 * Any number of processes may use one ledger at once. Every method is one transaction: whole or not at all. All throw OrxError of kind
 * `unexpected` (code `ledger-unwritable`, `ledger-unreadable`) when the disk refuses; callers on the way to an answer say so and go on.
 */
export interface Ledger {
  path: string;
  /** What the user must hear about the opening, whatever they asked for: damage, and what was recovered. */
  notices: readonly string[];
  /** What of it is damage that this process has found. */
  damage: readonly string[];
  /** Entries or budgets are missing since, or may be: a command that shows what is there ends with exit code 1. */
  isIncomplete: boolean;

  /** Budgets that apply to a scope, with what is spent and reserved; [] when there are none. */
  standings(scope: BudgetScope): readonly BudgetStanding[];
  /** Writes the entry and reserves the amount in one step, if no budget of the scope is passed by it. Without a reservation nothing is reserved. */
  open(entry: OpeningEntry, hold?: { reservation: Reservation; scope: BudgetScope }): Opened;
  /** The generation id as soon as it is known: what a crash would leave is then found again. */
  noteGeneration(id: string, generationId: string): void;
  /** Holds the amount longer, or holds more. Undefined: done; else the budgets that have no room for more, and nothing has changed. */
  renew(id: string, reservation: Reservation, scope: BudgetScope): readonly BudgetStanding[] | undefined;
  /**
   * Ends an entry, once: a later call changes nothing but to replace a worse cost source by a better one. The reservation ends with it;
   * where the cost is only estimated, `keepUntil` holds on to what exceeds the estimate until then.
   */
  settle(id: string, result: EntryResult, keepUntil?: number): void;
  /** Several of these in one transaction. When one of them throws, nothing has happened. */
  together<Result>(work: () => Result): Result;

  /** Ends the entries of processes that are gone (their lease is over, or their process no longer runs): outcome `lost`, cost as expected. */
  closeLost(now: number): number;
  /** Entries with a generation id and no billed cost, opened at or after `since`, oldest first. */
  unbilled(options: { since: number; limit: number }): readonly LedgerEntry[];
  /** Ended entries whose cost is unknown, oldest first. Reads the whole ledger. */
  unpriced(): readonly LedgerEntry[];
  /** Notes that a look-up found nothing, so that the next ones come later. */
  noteLookUp(id: string, now: number): void;

  /** Entries in order of time; `order: 'latest'` gives the newest first. */
  entries(filter: EntryFilter, options?: { order?: 'oldest' | 'latest'; limit?: number }): Iterable<LedgerEntry>;
  sums(filter: EntryFilter): Sums;
  /** What a client key spent since each of these moments, in USD: reads its own entries only. */
  clientSpending(clientKey: string, since: readonly number[]): readonly string[];
  /** Whether a client key asked for the answer that the API knows under this id. */
  hasGeneration(generationId: string, clientKey: string): boolean;
  report(filter: EntryFilter, options: ReportOptions): Report;
  /** `byModel` (default false): whether models are told apart, which takes longer. */
  pastWorkloads(filter: EntryFilter, options: WorkloadCut & { byModel?: boolean }): readonly PastWorkload[];
  /** The latest, in order of time. */
  pastTurns(filter: EntryFilter, options: { limit: number }): readonly PastTurn[];
  /** How many conversations have an id that begins like this, and which of them was the last to ask something. */
  conversations(beginning: string): { count: number; latest: string | undefined };

  /** Counts outside of the bounds are ignored. Undefined: too little is known. */
  calibration(family: string, bounds: RatioBounds): Calibration | undefined;
  outputLength(model: string, template?: string): OutputLength | undefined;
  measuredSpeeds(model: string): readonly MeasuredSpeed[];

  budgets(): readonly Budget[];
  /** Whether there are budgets, or may be: also when the ledger cannot be read (any more). */
  mayHaveBudgets(): boolean;
  /** Replaces the budget of the same period and scope, else adds one. */
  setBudget(budget: Omit<Budget, 'id'>): Budget;
  removeBudget(id: number): Budget | undefined;

  /** Adds entries that are not there yet (by id), in one transaction. */
  import(entries: Iterable<LedgerEntry>): { added: number; known: number };
  /** Deletes settled entries opened before this moment. */
  prune(before: number): number;
  check(): LedgerCheck;
  close(): void;
}
