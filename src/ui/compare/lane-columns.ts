import { fillLines, fitSpan, type Line, span, type Span } from '../screen/line.ts';
import { type CompareLayout, GAP, INDENT } from './layout.ts';
import { laneNumber, numberWidth } from './lane-number.ts';
import { laneFigureText, laneStateText, laneTitles } from './lane-status.ts';
import type { CompareView } from './view.ts';
import type { CompareViewState, LaneExtent } from './view-state.ts';

interface LaneBody {
  cells: Span[];
  extent: LaneExtent;
  /** How many rows are below those in view. */
  below: Span | undefined;
}

/** Returns the lanes that are side by side, with their heads. Writes their extents. */
export function columnLines(view: CompareView, layout: CompareLayout, extents: LaneExtent[]): Line[] {
  const { lanes } = view.state;
  const { shown, laneWidth, headRows } = layout;
  const titles = laneTitles(lanes, Math.max(1, laneWidth - numberWidth(lanes)));
  const columns = shown.map((lane) => {
    const { cells, extent, below } = bodyCells(view, lane, layout);
    extents[lane] = extent;
    const head = [
      titleCell(view, lane, titles[lane]!, laneWidth),
      fitSpan(laneStateText(lanes[lane]!, view.now, laneWidth), laneWidth),
      below ??
        fitSpan(span(laneFigureText(lanes[lane]!, view.now, laneWidth, view.runningCost(lanes[lane]!, lane)), 'dim'), laneWidth),
    ].slice(0, headRows);
    // Without a head, the last row of the text tells how much is below it.
    if (headRows === 0 && below !== undefined && cells.length > 0) return [...cells.slice(0, -1), below];
    return [...head, ...cells];
  });
  const empty = span(' '.repeat(laneWidth), 'plain');
  return Array.from({ length: layout.bodyRows + headRows }, (_, row) =>
    columns.flatMap((cells, index) => [span(' '.repeat(index === 0 ? INDENT : GAP), 'plain'), cells[row] ?? empty]),
  );
}

function titleCell({ view, state }: CompareView, lane: number, { text, tone }: Span, width: number): Span {
  const isFocused = view.focus.lane === lane && state.lanes.length > 1;
  return fitSpan(span(laneNumber(lane, isFocused, state.lanes) + text, isFocused && tone === 'bold' ? 'live' : tone), width);
}

function bodyCells(
  { state, view, rows, now }: CompareView,
  lane: number,
  { laneWidth, bodyRows: height }: CompareLayout,
): LaneBody {
  const all = rows[lane]!.update(state.lanes[lane]!, laneWidth, now, view.unfolded.has(lane));
  return windowOf(all, height, view.scrolls[lane], laneWidth);
}

function windowOf(all: readonly string[], height: number, scroll: CompareViewState['scrolls'][number], width: number): LaneBody {
  const total = all.length;
  const last = Math.max(0, total - height);
  const top = scroll === undefined ? last : Math.min(last, scroll.top);
  const cells = height === 0 ? [] : all.slice(top, top + height).map((text) => span(text, 'painted'));
  const rest = total - top - height;
  if (scroll === undefined || rest <= 0) return { cells, extent: { total, height }, below: undefined };
  const fresh = total - scroll.seen;
  const note = fresh > 0 ? `↓ ${fresh} new` : `↓ ${rest} more`;
  return { cells, extent: { total, height }, below: fitSpan(span(`${note} · end follows`, 'warning'), width) };
}

/** Returns the rows of the diff in view, in exactly `height` lines. Writes the extent of the focused lane. */
export function diffLines(view: CompareView, columns: number, height: number, extents: LaneExtent[]): Line[] {
  const { lane } = view.view.focus;
  const width = Math.max(2, columns - INDENT);
  const { cells, extent, below } = windowOf(view.diff(lane, width), height, view.view.scrolls[lane], width);
  extents[lane] = extent;
  const indent = span(' '.repeat(INDENT), 'plain');
  const lines = cells.map((cell): Line => [indent, cell]);
  if (below !== undefined && lines.length > 0) lines[lines.length - 1] = [indent, below];
  return fillLines(lines, height);
}
