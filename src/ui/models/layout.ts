import { drawableRows } from '../screen/drawable.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import { quoteRows } from './quote.ts';

/** The parts of the live table that fit. */
export interface ModelsLayout {
  hasHeader: boolean;
  hasQuery: boolean;
  hasHeading: boolean;
  hasFooter: boolean;
  /** Rows for models, or for the list of keys. At least one. */
  bodyRows: number;
  /** Rows below the models, for the details of a model or for prices. */
  detailRows: number;
}

const MOST_DETAIL = 12;

/** Returns the layout for a number of rows. The models have priority, then the query and the keys, then the rest. */
export function layoutModels(rows: number, { pane, quote }: Pick<LiveTable, 'pane' | 'quote'>): ModelsLayout {
  const total = drawableRows(rows);
  const parts = { hasQuery: total >= 2, hasFooter: total >= 3, hasHeading: total >= 5, hasHeader: total >= 6 };
  const room = total - Object.values(parts).filter(Boolean).length;
  const wanted = pane === 'detail' ? MOST_DETAIL : pane === 'price' && quote !== undefined ? quoteRows(quote.models.length) : 0;
  const detailRows = Math.max(0, Math.min(wanted, room - Math.max(1, Math.floor(room / 3))));
  return { ...parts, bodyRows: room - detailRows, detailRows };
}
