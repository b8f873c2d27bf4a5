import { drawableColumns, drawableRows } from '../screen/drawable.ts';

/** Where the lanes of a comparison stand on a screen of a given size. */
export interface CompareLayout {
  /** Side by side, or one below the other where columns would be too narrow to read. */
  kind: 'columns' | 'stacked';
  laneWidth: number;
  /** Rows of text for each lane. */
  bodyRows: number;
  /** How many lanes there is room for, the first ones. */
  shown: number;
}

export const INDENT = 2;
export const GAP = 2;
const LEAST_LANE_WIDTH = 22;
/** The line above the lanes and the one below. */
const FRAME_ROWS = 2;

export function layoutLanes(size: { columns: number; rows: number }, lanes: number): CompareLayout {
  const room = Math.max(0, drawableRows(size.rows) - FRAME_ROWS);
  const columnWidth = Math.floor((drawableColumns(size.columns) - INDENT - GAP * (lanes - 1)) / lanes);
  if (columnWidth >= LEAST_LANE_WIDTH) {
    // Name and state stand above each column.
    return { kind: 'columns', laneWidth: columnWidth, bodyRows: Math.max(0, room - 2), shown: lanes };
  }
  const laneWidth = Math.max(2, drawableColumns(size.columns) - INDENT);
  const rowsEach = Math.floor(room / lanes);
  if (rowsEach >= 1) return { kind: 'stacked', laneWidth, bodyRows: rowsEach - 1, shown: lanes };
  // One row is needed to say which lanes are not shown.
  return { kind: 'stacked', laneWidth, bodyRows: 0, shown: Math.max(0, room - 1) };
}
