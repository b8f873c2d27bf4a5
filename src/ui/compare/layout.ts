import { drawableColumns, drawableRows } from '../screen/drawable.ts';

/** The places of a comparison's lanes on the screen. */
export interface CompareLayout {
  /** The lanes whose text is shown, side by side. */
  shown: readonly number[];
  /** The lanes that have one line each below them. */
  tiles: readonly number[];
  /** Lanes without a place. */
  hidden: number;
  laneWidth: number;
  /** Rows of text for each shown lane. */
  bodyRows: number;
  /** Rows of name and figures above the text. */
  headRows: number;
}

/** What decides the layout besides the screen. */
export interface LaneFocus {
  lane: number;
  /** The first lane of the columns. */
  first: number;
  /** Only the focused lane is shown, on the whole screen. */
  isEnlarged: boolean;
}

export const INDENT = 2;
export const GAP = 2;
/** A narrower screen shows one lane, because two columns could not be read. */
const LEAST_FOR_COLUMNS = 76;
const LEAST_LANE_WIDTH = 36;
/** One row above the lanes and one below. */
const FRAME_ROWS = 2;
/** Name, state and figures. */
const HEAD_ROWS = 3;
/** Tiles leave the text at least this part of the screen. */
const MOST_TILES = 1 / 2;

/** Returns how many lanes fit side by side: 2 at 80 columns, 3 at 120, 5 at 200. */
export function columnCount(columns: number, lanes: number): number {
  if (columns < LEAST_FOR_COLUMNS) return 1;
  const fit = Math.floor((drawableColumns(columns) - INDENT + GAP) / (LEAST_LANE_WIDTH + GAP));
  return Math.max(1, Math.min(lanes, Math.max(2, fit)));
}

/** Returns the places of all lanes on a screen of this size. */
export function layoutLanes(size: { columns: number; rows: number }, lanes: number, focus: LaneFocus): CompareLayout {
  const room = Math.max(0, drawableRows(size.rows) - FRAME_ROWS);
  const isNarrow = size.columns < LEAST_FOR_COLUMNS;
  const across = focus.isEnlarged || isNarrow ? 1 : columnCount(size.columns, lanes);
  const first = across === 1 ? focus.lane : Math.max(0, Math.min(focus.first, lanes - across));
  const shown = Array.from({ length: across }, (_, index) => first + index);
  // A narrow screen lists all lanes, so that they keep their places when the focus moves.
  const others = Array.from({ length: lanes }, (_, lane) => lane).filter((lane) => isNarrow || !shown.includes(lane));
  const wanted = focus.isEnlarged || lanes === 1 ? [] : others;
  const places = Math.min(wanted.length, Math.max(0, Math.floor(room * MOST_TILES)));
  const tiles = placed(wanted, places, focus.lane);
  const hidden = wanted.length - tiles.length;
  const headRows = Math.min(isNarrow && !focus.isEnlarged && lanes > 1 ? 0 : HEAD_ROWS, room);
  return {
    shown,
    tiles,
    hidden,
    laneWidth: Math.max(2, Math.floor((drawableColumns(size.columns) - INDENT - GAP * (across - 1)) / across)),
    headRows,
    bodyRows: Math.max(0, room - headRows - tiles.length - (hidden > 0 ? 1 : 0)),
  };
}

/** Returns the lanes that get a tile: all if they fit, otherwise those around the focus, with one row less for a note. */
function placed(lanes: readonly number[], places: number, focus: number): readonly number[] {
  if (lanes.length <= places) return lanes;
  const count = Math.max(0, places - 1);
  const after = lanes.findIndex((lane) => lane >= focus);
  const start = Math.max(0, Math.min((after === -1 ? lanes.length : after) - Math.floor(count / 2), lanes.length - count));
  return lanes.slice(start, start + count);
}
