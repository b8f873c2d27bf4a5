import type { Model } from '../../../apis/catalogue.ts';
import type { ModelFilter } from '../filter-models.ts';
import type { Benchmark } from '../benchmarks.ts';
import type { Blend } from '../blend.ts';
import type { LiveChanges } from './changes.ts';
import type { LiveFilter } from './filters.ts';
import type { MarketFacts } from '../market-facts.ts';
import type { ModelSort } from '../sorts.ts';

/** How the user left the table. */
export type LiveOutcome =
  | { type: 'leave' }
  | { type: 'stop' }
  | { type: 'chat'; model: Model }
  | { type: 'compare'; models: readonly string[] };

/**
 * The complete state of the live table of models. `rows` are the models that match the filters and the query, in order; the other fields
 * determine them.
 */
export interface LiveTable {
  models: readonly Model[];
  /** The table is only used to choose a model. */
  isPick: boolean;
  /** The catalogue is the sandbox's. */
  isSandbox: boolean;
  /** The filter of the command line, which always applies. */
  base: ModelFilter;
  sortOptions: { blend: Blend; benchmark: Benchmark };
  facts: MarketFacts | undefined;
  query: string;
  /** Where letters go: to the query, or to the actions of their keys. */
  focus: 'query' | 'keys';
  sort: ModelSort;
  isReversed: boolean;
  /** Sort by best match; true until the user chooses a sort order after starting the query. */
  ranksByMatch: boolean;
  filters: ReadonlySet<LiveFilter>;
  /** All columns, and the visible ones. */
  allColumns: readonly string[];
  columns: ReadonlySet<string>;
  /** Ids. */
  favorites: ReadonlySet<string>;
  /** Ids, in the order in which they were marked for a comparison. */
  marked: readonly string[];
  changes: LiveChanges;
  pane: 'none' | 'detail' | 'help' | 'price';
  /** The most recently opened price. */
  quote: LiveQuote | undefined;
  helpTop: number;
  /** Shown until the next key press. */
  note: string | undefined;
  /** Number of times that the user refreshed the catalogue. */
  refreshes: number;
  outcome: LiveOutcome | undefined;
  /** All models in order, those that match the filters, and those that also match the query. */
  ordered: readonly Model[];
  passing: readonly Model[];
  rows: readonly Model[];
  /** Index into rows; 0 if there are none. */
  cursor: number;
  /** First visible row, and number of visible rows (at least one). */
  top: number;
  height: number;
}

/** The models and sizes for which the price is shown. Sizes are digits as typed. */
export interface LiveQuote {
  /** Ids: the marked models, or the one under the cursor. */
  models: readonly string[];
  /** Tokens of the prompt and of the answer. */
  sizes: Readonly<Record<QuoteSide, string>>;
  /** The side that the keys change. */
  side: QuoteSide;
  /** The next digit starts a new number. */
  isWhole: boolean;
}

export type QuoteSide = 'in' | 'out';

export type LiveAction =
  | { type: 'type'; text: string }
  | { type: 'erase' | 'clear' | 'top' | 'bottom' | 'reverse' | 'star' | 'mark' | 'detail' | 'help' | 'focus' }
  | { type: 'refresh' | 'back' | 'leave' | 'stop' | 'chat' | 'price' | 'compare' | 'forget-changes' }
  | { type: 'move' | 'page' | 'sort'; by: number }
  | { type: 'filter'; filter: LiveFilter }
  | { type: 'column'; place: number }
  | { type: 'height'; rows: number }
  | { type: 'catalogue'; models: readonly Model[] }
  | { type: 'facts'; facts: MarketFacts }
  /** Data about zero retention is not available; the note says why. */
  | { type: 'no-facts'; note: string }
  | { type: 'note'; note: string };
