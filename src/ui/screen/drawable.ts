/** These stay free, because terminals differ in how they wrap a full row or scroll a full screen. */
const FREE_COLUMNS = 1;
const FREE_ROWS = 2;

/** Returns the maximum number of rows to draw. */
export function drawableRows(rows: number): number {
  return Math.max(1, rows - FREE_ROWS);
}

/** Returns the maximum width of a row to draw. */
export function drawableColumns(columns: number): number {
  return Math.max(1, columns - FREE_COLUMNS);
}
