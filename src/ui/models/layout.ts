import { drawableRows } from '../screen/drawable.ts';
import type { LiveTable } from '../../core/models/live/state.ts';

/** Which parts of the live table there are rows for. */
export interface ModelsLayout {
  hasHeader: boolean;
  hasQuery: boolean;
  hasHeading: boolean;
  hasFooter: boolean;
  /** Rows for models, or for the list of keys: one at least. */
  bodyRows: number;
  detailRows: number;
}

const MOST_DETAIL = 12;

/** The models come first, then the query and the keys, then the rest. */
export function layoutModels(rows: number, pane: LiveTable['pane']): ModelsLayout {
  const total = drawableRows(rows);
  const parts = { hasQuery: total >= 2, hasFooter: total >= 3, hasHeading: total >= 5, hasHeader: total >= 6 };
  const room = total - Object.values(parts).filter(Boolean).length;
  const detailRows = pane === 'detail' ? Math.max(0, Math.min(MOST_DETAIL, room - Math.max(1, Math.floor(room / 3)))) : 0;
  return { ...parts, bodyRows: room - detailRows, detailRows };
}
