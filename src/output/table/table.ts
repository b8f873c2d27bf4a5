import type { Meaning } from '../text/theme.ts';
import type { CutPlace } from './cut-names.ts';

/** A table as data, for pipes and for terminals. All of its text is visible already. */
export interface Table {
  columns: readonly Column[];
  /** One cell for each column. */
  rows: readonly (readonly Cell[])[];
}

export interface Column {
  heading: string;
  align: 'left' | 'right';
  /** Columns are dropped on a narrow terminal, the highest order first, equal ones together. 0: never dropped. */
  dropOrder: number;
  /** Where the text may be cut on a narrow terminal. Undefined: not at all, except for the end of the first column. */
  cut?: CutPlace | undefined;
  /** The width of a name for which other columns are not dropped. Default: nearly all names are whole, up to 64 columns. */
  enough?: number | undefined;
}

export interface Cell {
  text: string;
  tone?: TableTone | undefined;
}

/** `accent`: most important. `match`: matches a search. `dim`: secondary. `warning`: not as requested. */
export type TableTone = Extract<Meaning, 'accent' | 'match' | 'dim' | 'warning'>;

/** A line for the terminal: its pieces in order. */
export type TableLine = readonly Cell[];
