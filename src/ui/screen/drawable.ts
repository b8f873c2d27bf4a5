/** A row that fills the screen, or a screen that is full, lets terminals wrap or scroll in their own ways. */
const FREE_COLUMNS = 1;
const FREE_ROWS = 2;

/** The most rows that may be drawn. */
export function drawableRows(rows: number): number {
  return Math.max(1, rows - FREE_ROWS);
}

/** The widest row that may be drawn. */
export function drawableColumns(columns: number): number {
  return Math.max(1, columns - FREE_COLUMNS);
}
