// What the blocks of data of a page contain. The page's script reads these types too, so they name nothing else.

/** How a cell ended, as the page shows it. */
export type PageState = 'passed' | 'failed' | 'not-run' | 'answered' | 'unchecked' | 'empty' | 'error' | 'not-asked';

/** A lane, as the script needs it. */
export interface PageLane {
  name: string;
}

/** What a row is found, filtered and sorted by. A row is one repetition of a case. */
export interface IndexRow {
  id: string;
  label?: string | undefined;
  /** Undefined if the run repeats nothing. */
  repetition?: number | undefined;
  line?: number | undefined;
  tags: readonly string[];
  cells: readonly IndexCell[];
}

export interface IndexCell {
  /** Number of the lane, from 0. A lane that does not answer the case has no cell. */
  lane: number;
  state: PageState;
  /** USD, only for sorting. */
  cost?: number | undefined;
  ms?: number | undefined;
  tokens?: number | undefined;
  score?: number | undefined;
  /** The first lane of the row with the same answer. */
  same: number;
}

/** What a row shows. Its cells are those of its index, in the same order. All text is visible, but for `raw`. */
export interface TextRow {
  prompt: readonly PageText[];
  cells: readonly TextCell[];
}

/** A text with a heading. */
export interface PageText {
  name: string;
  text: string;
}

export interface TextCell {
  /** The answer. */
  text: string;
  /** The exact answer, where it has characters that are not shown as they are. */
  raw?: string | undefined;
  /** The answer as markup, or its beginning if it is long. */
  html: string;
  /** Images. */
  media?: string | undefined;
  isCut?: boolean | undefined;
  /** All of a long answer as markup. Undefined: it is shown as text. */
  whole?: string | undefined;
  /** Cost, time and tokens. */
  figures: string;
  /** The model and the provider that answered, and how the answer ended. */
  from: string;
  /** What a judge of the lanes decided. */
  judged?: string | undefined;
  /** Why it did not pass, or why there is no answer. */
  reason?: string | undefined;
  /** Everything that is folded: expectations, reasoning, tool calls, earlier answers. */
  more: readonly PageText[];
}
