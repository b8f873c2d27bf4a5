import type { Model } from '../../apis/catalogue.ts';
import type { BudgetStanding, Opened } from '../../storage/ledger/budgets/budget.ts';
import type { OpeningEntry } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { AskedModel } from './price-bounds.ts';

/** The labels of a recorded request. */
/** `vendor`: who is asked for a model that is not direct. */
export type EntryLabels = Pick<OpeningEntry, 'command' | 'conversation' | 'template' | 'profile' | 'project' | 'api' | 'vendor'>;

/** Something about the recording of a request that the user should know. */
export type AccountingNote =
  /** Budgets of which the warning share is used. */
  | { type: 'warning'; standings: readonly BudgetStanding[] }
  /** The request was limited so that it stays within its budgets. */
  | {
      type: 'limited';
      model: string;
      maxTokens?: number | undefined;
      maxPrice?: { prompt: string; completion: string } | undefined;
      searches?: number | undefined;
    }
  /** Tools or plugins that the API bills in a way of which no upper end is known: they may pass the budget. */
  | { type: 'unbounded'; names: readonly string[] }
  /** The ledger could not take the request: it was answered all the same. Under a budget that is money that no budget counts. */
  | { type: 'unbooked'; error: unknown; isUnderBudget: boolean };

/**
 * The ledger as requests use it. A server has one that writes on another thread (storage/ledger/writer/): what reserves money is a promise there,
 * everything else is written a moment later, and its failures are notes.
 */
export interface EntryLedger extends Pick<
  Ledger,
  'standings' | 'calibration' | 'outputLength' | 'mayHaveBudgets' | 'noteGeneration' | 'settle'
> {
  open: (...words: Parameters<Ledger['open']>) => Opened | Promise<Opened>;
  renew: (...words: Parameters<Ledger['renew']>) => ReturnType<Ledger['renew']> | Promise<ReturnType<Ledger['renew']>>;
}

/** Where requests are recorded, and what that needs. */
export interface Accounting {
  ledger: EntryLedger;
  labels: EntryLabels;
  /** What all requests of the command under way share. */
  turn: () => string;
  /** Milliseconds: wall clock, and monotonic. */
  now: () => number;
  newId: () => string;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Whose money a request waits for before it is refused: that of other commands, or of all requests. The lanes of a comparison are asked side by
   * side or not at all; requests to a server know nothing of each other.
   */
  waitsFor: 'others' | 'all';
  /** How long a request may be silent before orx gives it up, in milliseconds: so long its money stays reserved after a sign of life. */
  patienceMs: number;
  /** Whether the API asks no provider above a price limit: one that routes between providers does. A vendor that is asked itself does not. */
  keepsPriceLimit: boolean;
  /** Whether a request may be made shorter so that it fits its budgets, which is noted. A client of the gateway gets what it asked for, or an error. */
  limitsRequests: boolean;
  /** Address of the API of a direct model's vendor, for the entry. */
  addressOf: (vendor: string) => string | undefined;
  /** What is known of models that are asked under a budget. Never rejects. */
  findPrices: (models: readonly string[], signal?: AbortSignal) => Promise<readonly AskedModel[]>;
  /** What the stored lists say of a model; nobody is asked for it. Never rejects. */
  findModel: (name: string) => Promise<Model | undefined>;
  note: (note: AccountingNote) => void;
}
