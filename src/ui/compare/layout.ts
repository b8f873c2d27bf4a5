import { drawableColumns, drawableRows } from '../screen/drawable.ts';

/** The places of a comparison's lanes on the screen. */
export interface CompareLayout {
  /** Lanes are side by side, or below each other if columns would be too narrow to read. */
  kind: 'columns' | 'stacked';
  laneWidth: number;
  /** Rows of text for each lane. */
  bodyRows: number;
  /** The number of lanes that fit, starting with the first. */
  shown: number;
}

export const INDENT = 2;
export const GAP = 2;
const LEAST_LANE_WIDTH = 22;
/** One row above the lanes and one below. */
const FRAME_ROWS = 2;

export function layoutLanes(size: { columns: number; rows: number }, lanes: number): CompareLayout {
  const room = Math.max(0, drawableRows(size.rows) - FRAME_ROWS);
  const columnWidth = Math.floor((drawableColumns(size.columns) - INDENT - GAP * (lanes - 1)) / lanes);
  if (columnWidth >= LEAST_LANE_WIDTH) {
    // The name and the state are above each column.
    return { kind: 'columns', laneWidth: columnWidth, bodyRows: Math.max(0, room - 2), shown: lanes };
  }
  const laneWidth = Math.max(2, drawableColumns(size.columns) - INDENT);
  const rowsEach = Math.floor(room / lanes);
  if (rowsEach >= 1) return { kind: 'stacked', laneWidth, bodyRows: rowsEach - 1, shown: lanes };
  // One row lists the lanes that are not shown.
  return { kind: 'stacked', laneWidth, bodyRows: 0, shown: Math.max(0, room - 1) };
}
