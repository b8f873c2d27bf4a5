import type { Model } from '../../apis/catalogue.ts';
import type { BudgetScope, BudgetStanding, Opened } from '../../storage/ledger/budgets/budget.ts';
import type { OpeningEntry } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { AskedModel } from './price-bounds.ts';

/** The labels of a recorded request. `vendor`: the vendor of requests whose model is not direct. */
export type EntryLabels = Pick<OpeningEntry, 'command' | 'conversation' | 'template' | 'profile' | 'project' | 'api' | 'vendor'>;

/** Something about the recording of a request that the user should know. */
export type AccountingNote =
  /** Budgets whose warning share is used. */
  | { type: 'warning'; standings: readonly BudgetStanding[] }
  /** The request was limited so that it stays within its budgets. */
  | {
      type: 'limited';
      model: string;
      maxTokens?: number | undefined;
      maxPrice?: { prompt: string; completion: string } | undefined;
      searches?: number | undefined;
    }
  /** Tools or plugins whose cost has no known upper limit: they may exceed the budget. */
  | { type: 'unbounded'; names: readonly string[] }
  /**
   * The ledger could not record the request, which was answered anyway. No budget counts its cost. `keptIn`: the file that has the entry until a
   * later command adds it.
   */
  | { type: 'unrecorded'; error: unknown; isUnderBudget: boolean; keptIn?: string };

/**
 * The ledger as requests use it. The ledger of a server writes on another thread (storage/ledger/writer/): functions that reserve money return a
 * promise, everything else is written a moment later, and its errors become notes.
 */
export interface EntryLedger extends Pick<
  Ledger,
  'standings' | 'calibration' | 'outputLength' | 'mayHaveBudgets' | 'noteGeneration' | 'settle'
> {
  open: (...words: Parameters<Ledger['open']>) => Opened | Promise<Opened>;
  renew: (...words: Parameters<Ledger['renew']>) => ReturnType<Ledger['renew']> | Promise<ReturnType<Ledger['renew']>>;
  /**
   * For a ledger that is written on another thread: waits briefly until it has what has been recorded so far, and reads it. `standings` may be a moment
   * old.
   */
  latestStandings?: (scope: BudgetScope) => Promise<readonly BudgetStanding[]>;
  /** For a ledger that is opened after the request is sent: resolves when it is open, so that `calibration` returns what it has learned. */
  opened?: () => Promise<unknown>;
}

/** Where requests are recorded, and what that requires. */
export interface Accounting {
  ledger: EntryLedger;
  labels: EntryLabels;
  /** Id that all requests of the current command share. */
  turn: () => string;
  /** Milliseconds since 1970. */
  now: () => number;
  newId: () => string;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Whose reserved money a request waits for before it fails: that of other commands, or of all requests. The lanes of a comparison run at the
   * same time or not at all; requests to a server are independent of each other.
   */
  waitsFor: 'others' | 'all';
  /** How long a request may send nothing before orx gives up, in milliseconds. Its money stays reserved for this long after each event. */
  patienceMs: number;
  /** Whether the API enforces a price limit: one that routes between providers does, a vendor does not. */
  keepsPriceLimit: boolean;
  /**
   * Whether orx may limit a request so that it fits its budgets, which causes a note. A client of the gateway gets what it requested, or an
   * error.
   */
  limitsRequests: boolean;
  /** Returns the API address of a direct model's vendor, for the entry. */
  addressOf: (vendor: string) => string | undefined;
  /** Returns what is known of models that are requested under a budget. Never rejects. */
  findPrices: (models: readonly string[], signal?: AbortSignal) => Promise<readonly AskedModel[]>;
  /** Returns a model from the stored lists, without a request. Never rejects. */
  findModel: (name: string) => Promise<Model | undefined>;
  note: (note: AccountingNote) => void;
}
