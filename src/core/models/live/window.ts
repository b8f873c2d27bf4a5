import type { LiveTable } from './state.ts';

/** Moves the cursor to this row, or to the nearest existing one, and scrolls only as far as needed to show it. */
export function moveTo(table: LiveTable, row: number): LiveTable {
  const { rows, height } = table;
  const cursor = Math.max(0, Math.min(rows.length - 1, row));
  const lowestTop = Math.max(0, rows.length - height);
  const top = Math.min(lowestTop, Math.max(cursor - height + 1, Math.min(cursor, table.top)));
  return { ...table, cursor, top };
}

/**
 * Replaces the rows. The cursor moves to the first row, or stays on its model and at the same position on the screen. If the model is gone, the
 * cursor moves to the nearest remaining model below it, or else above it.
 */
export function onRows(table: LiveTable, rows: LiveTable['rows'], where: 'first' | 'same'): LiveTable {
  if (where === 'first') return moveTo({ ...table, rows, top: 0 }, 0);
  const places = new Map(rows.map(({ id }, place) => [id, place]));
  const before = table.rows;
  const nearest = [...before.slice(table.cursor), ...before.slice(0, table.cursor).toReversed()];
  const stored = nearest.find(({ id }) => places.has(id));
  const cursor = stored === undefined ? 0 : places.get(stored.id)!;
  return moveTo({ ...table, rows, top: Math.max(0, cursor - (table.cursor - table.top)) }, cursor);
}
