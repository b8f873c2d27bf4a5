import type { Model } from '../../../apis/catalogue.ts';
import type { ModelFilter } from '../filter-models.ts';
import type { Benchmark } from '../benchmarks.ts';
import type { Blend } from '../blend.ts';
import type { LiveChanges } from './changes.ts';
import type { LiveFilter } from './filters.ts';
import type { MarketFacts } from '../market-facts.ts';
import type { ModelSort } from '../sorts.ts';

/** What the user wants when the table is left. */
export type LiveOutcome =
  | { type: 'leave' }
  | { type: 'stop' }
  | { type: 'chat'; model: Model }
  | { type: 'compare'; models: readonly string[] };

/** The whole state of the live table of models. `rows` is what passes filters and query, in order; the rest says how it came about. */
export interface LiveTable {
  models: readonly Model[];
  /** A model is to be chosen, and nothing else. */
  isPick: boolean;
  /** The catalogue is the sandbox's. */
  isSandbox: boolean;
  /** Asked for on the command line; holds all the time. */
  base: ModelFilter;
  sortOptions: { blend: Blend; benchmark: Benchmark };
  facts: MarketFacts | undefined;
  query: string;
  /** Where letters go: to the query, or to what they stand for. */
  focus: 'query' | 'keys';
  sort: ModelSort;
  isReversed: boolean;
  /** The best match first, as long as no sort was chosen since the query was begun. */
  ranksByMatch: boolean;
  filters: ReadonlySet<LiveFilter>;
  /** All columns there are, and those shown. */
  allColumns: readonly string[];
  columns: ReadonlySet<string>;
  /** Ids. */
  favourites: ReadonlySet<string>;
  /** Ids, in the order they were marked for a comparison. */
  marked: readonly string[];
  changes: LiveChanges;
  pane: 'none' | 'detail' | 'help' | 'price';
  /** What the price was told for last. */
  quote: LiveQuote | undefined;
  helpTop: number;
  /** Told until the next key. */
  note: string | undefined;
  /** How often the user asked for a fresh catalogue. */
  refreshes: number;
  outcome: LiveOutcome | undefined;
  /** All models in order, those that pass the filters, and those that match the query as well. */
  ordered: readonly Model[];
  passing: readonly Model[];
  rows: readonly Model[];
  /** Index into rows; 0 without rows. */
  cursor: number;
  /** First row in view, and how many there is room for (one at least). */
  top: number;
  height: number;
}

/** What the price of the chosen models is told for. Texts are digits as they were typed. */
export interface LiveQuote {
  /** Ids: the marked models, or the one that the cursor was on. */
  models: readonly string[];
  /** Tokens of the prompt, and of the answer. */
  sizes: Readonly<Record<QuoteSide, string>>;
  /** Which of them the keys change. */
  side: QuoteSide;
  /** The next digit begins a new number. */
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
  /** Nobody could tell about zero retention: why. */
  | { type: 'no-facts'; note: string }
  | { type: 'note'; note: string };
