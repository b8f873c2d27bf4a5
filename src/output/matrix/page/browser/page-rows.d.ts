import type { PageDiffPiece } from './page-diff.ts';
import type { IndexRow, PageLane, TextCell, TextRow } from '../data.ts';

/** What the rows of a page need from its script. */
export interface RowParts {
  lanes: readonly PageLane[];
  /** Returns the lane that answers are compared with; -1: none. */
  diffLane: () => number;
  diff: (before: string, after: string) => PageDiffPiece[];
  copy: (text: string) => void;
}

export interface PageRows {
  /** Returns the content of a row. Its cells are in the order of the lanes. */
  build: (row: IndexRow, text: TextRow) => HTMLElement;
  /** Returns the exact answer of a cell. */
  rawText: (cell: TextCell) => string;
}

/** Returns what makes the elements of rows. The page contains the source of this function, so it uses nothing from outside. */
export function pageRows(parts: RowParts): PageRows;
