import { drawableColumns, drawableRows } from '../screen/drawable.ts';

/** The visible parts of the browser, and the place of its preview. */
export interface HistoryLayout {
  hasHeader: boolean;
  hasQuery: boolean;
  hasFooter: boolean;
  /** Whether the preview is next to the list, below it, or hidden. */
  kind: 'beside' | 'below' | 'list';
  /** Rows between the query and the footer, for the list, the preview, and a line between them. */
  bodyRows: number;
  listRows: number;
  listWidth: number;
  previewRows: number;
  previewWidth: number;
}

const BESIDE_FROM = 100;
const BELOW_FROM = 8;
const LEAST_PREVIEW = 20;
const WIDEST_LIST = 90;
/** The width of ` │ `. */
const BETWEEN = 3;
const INDENT = 2;

/** Returns the layout for a screen size. The list has priority, then the query, the keys and the preview. */
export function layoutHistory(rows: number, columns: number): HistoryLayout {
  const total = drawableRows(rows);
  const width = drawableColumns(columns);
  const parts = { hasQuery: total >= 2, hasFooter: total >= 3, hasHeader: total >= 5 };
  const bodyRows = total - Object.values(parts).filter(Boolean).length;
  if (width >= BESIDE_FROM) {
    const listWidth = Math.min(WIDEST_LIST, Math.floor(width * 0.45));
    const previewWidth = width - listWidth - BETWEEN;
    return { ...parts, kind: 'beside', bodyRows, listRows: bodyRows, listWidth, previewRows: bodyRows, previewWidth };
  }
  if (bodyRows < BELOW_FROM || width < LEAST_PREVIEW)
    return { ...parts, kind: 'list', bodyRows, listRows: bodyRows, listWidth: width, previewRows: 0, previewWidth: 1 };
  const listRows = Math.floor(bodyRows * 0.45);
  const previewWidth = Math.max(2, width - INDENT);
  return { ...parts, kind: 'below', bodyRows, listRows, listWidth: width, previewRows: bodyRows - listRows - 1, previewWidth };
}
