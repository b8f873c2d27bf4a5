import type { Meaning } from '../text/theme.ts';
import type { CutPlace } from './cut-names.ts';

/** A table as data: what the pipe's table and the terminal's are both drawn from. All text in it is visible already. */
export interface Table {
  columns: readonly Column[];
  /** One cell for each column. */
  rows: readonly (readonly Cell[])[];
}

export interface Column {
  heading: string;
  align: 'left' | 'right';
  /** Left out on a narrow terminal, the highest first, equal ones together; 0 stays. */
  dropOrder: number;
  /** A text that may be cut on a narrow terminal, and where. The first column may always be: at its end, unless it says otherwise. */
  cut?: CutPlace | undefined;
}

export interface Cell {
  text: string;
  tone?: TableTone | undefined;
}

/** `accent` for what to look at first, `match` for what was searched, `dim` for what is secondary, `warning` for what is not as asked. */
export type TableTone = Extract<Meaning, 'accent' | 'match' | 'dim' | 'warning'>;

/** A line for the terminal: its pieces in order. */
export type TableLine = readonly Cell[];
