import { stripVTControlCharacters } from 'node:util';
import { type CompareState, costSoFar, isFinal, type Lane, laneCost } from '../../core/compare/state.ts';
import type { Decimal } from '../../decimal.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import { moneyText } from '../../output/text/money.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { drawableColumns, drawableRows } from '../screen/drawable.ts';
import type { Line, Span, Tone } from '../screen/line.ts';
import { type CompareLayout, GAP, INDENT, layoutLanes } from './layout.ts';
import type { LaneRows } from './lane-rows.ts';
import { laneFigureText, laneStateText, laneTileText, laneTitles, type RunningCost } from './lane-status.ts';
import { COMPARE_KEYS, type CompareViewState, type LaneExtent } from './view-state.ts';

export interface CompareView {
  isSandbox: boolean;
  prompt: string;
  state: CompareState;
  view: CompareViewState;
  /** The rows of each lane's answer. */
  rows: readonly LaneRows[];
  /** The rows of a diff of the focused lane, in at most this width. */
  diff: (lane: number, width: number) => readonly string[];
  runningCost: RunningCost;
  size: { columns: number; rows: number };
  now: number;
  /** Keys come from the terminal. */
  hasKeyboard: boolean;
  isSettled: boolean;
}

/** A screen, and the rows of the lanes that it shows. */
export interface CompareFrame {
  lines: readonly Line[];
  extents: readonly LaneExtent[];
  /** Rows of a lane are missing that another frame will have. */
  isBehind: boolean;
}

/** In UTF-16 units. No screen shows more of a prompt, which may be a whole file. */
const LONGEST_PROMPT = 500;
/** Width of a lane's name in a tile, at most. */
const WIDEST_TILE_NAME = 44;
const NO_EXTENT: LaneExtent = { total: 0, height: 0 };

/** Returns the screen of a comparison: always fewer lines than its rows, and narrower than its columns. */
export function compareFrame(view: CompareView): CompareFrame {
  const { state, size } = view;
  const layout = layoutLanes(size, state.lanes.length, view.view.focus);
  const width = drawableColumns(size.columns);
  const extents = state.lanes.map(() => NO_EXTENT);
  const { overlay } = view.view;
  const body =
    overlay === 'help'
      ? helpLines(bodyRows(view), width)
      : overlay === 'diff'
        ? diffLines(view, width, extents)
        : [...columnLines(view, layout, extents), ...tileLines(view, layout)];
  const lines = [headerLine(view, width), ...body, [span(footer(view, width), 'dim')]];
  return {
    lines: lines.slice(0, drawableRows(size.rows)).map((line) => withoutTrailingSpace(clipped(line, width))),
    extents,
    isBehind: layout.shown.some((lane) => view.rows[lane]!.isBehind()),
  };
}

function bodyRows({ size }: CompareView): number {
  return Math.max(0, drawableRows(size.rows) - 2);
}

function headerLine({ isSandbox, prompt, state, now, runningCost }: CompareView, columns: number): Line {
  const label = isSandbox ? `${SANDBOX_LABEL} · ` : '';
  const width = columns - label.length;
  const { lanes } = state;
  const finished = lanes.filter(isFinal).length;
  // A lane that was stopped or broke off may be charged for what has arrived, although the API reports no cost.
  const open = lanes.map((lane, index) => (laneCost(lane) === undefined ? runningCost(lane, index) : undefined));
  const cost = open.reduce<Decimal>((sum, part) => (part === undefined ? sum : sum.plus(part)), costSoFar(state));
  const isEstimate = open.some((part) => part !== undefined);
  const ended = finished === lanes.length ? Math.max(...lanes.map(({ endedAt }) => endedAt ?? now)) : now;
  const seconds = (Math.max(0, ended - state.startedAt) / 1000).toFixed(1);
  const summary = cutText(
    `${lanes.length} lanes · ${seconds} s · ${isEstimate ? '~' : ''}${moneyText(cost)} · ${finished} of ${lanes.length} done`,
    width - INDENT,
  );
  const room = width - INDENT - GAP - textWidth(summary);
  const shown = room < 8 ? '' : cutText(visibleLine(prompt.slice(0, LONGEST_PROMPT)), room);
  const space = room < 8 ? '' : ' '.repeat(room + GAP - textWidth(shown));
  return [
    span(' '.repeat(INDENT), 'plain'),
    ...(isSandbox ? [span(SANDBOX_LABEL, 'warning'), span(' · ', 'dim')] : []),
    span(shown, 'bold'),
    span(space + summary, 'dim'),
  ];
}

function columnLines(view: CompareView, layout: CompareLayout, extents: LaneExtent[]): Line[] {
  const { lanes } = view.state;
  const { shown, laneWidth, headRows } = layout;
  const titles = laneTitles(lanes, Math.max(1, laneWidth - numberWidth(lanes)));
  const columns = shown.map((lane) => {
    const { cells, extent, below } = bodyCells(view, lane, layout);
    extents[lane] = extent;
    const head = [
      titleCell(view, lane, titles[lane]!, laneWidth),
      fitted(laneStateText(lanes[lane]!, view.now, laneWidth), laneWidth),
      below ??
        fitted(span(laneFigureText(lanes[lane]!, view.now, laneWidth, view.runningCost(lanes[lane]!, lane)), 'dim'), laneWidth),
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
  return fitted(span(laneNumber(lane, isFocused, state.lanes) + text, isFocused && tone === 'bold' ? 'live' : tone), width);
}

/** Returns the number that selects the lane, marked if it is selected; nothing for a single lane. */
function laneNumber(lane: number, isFocused: boolean, lanes: readonly Lane[]): string {
  return lanes.length === 1 ? '' : `${isFocused ? '▸' : ' '}${String(lane + 1).padStart(numberWidth(lanes) - 2)} `;
}

function numberWidth(lanes: readonly Lane[]): number {
  return lanes.length === 1 ? 0 : String(lanes.length).length + 2;
}

interface LaneBody {
  cells: Span[];
  extent: LaneExtent;
  /** How many rows are below those in view. */
  below: Span | undefined;
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
  return { cells, extent: { total, height }, below: fitted(span(`${note} · end follows`, 'warning'), width) };
}

function tileLines(view: CompareView, { tiles, hidden }: CompareLayout): Line[] {
  const { lanes } = view.state;
  const width = drawableColumns(view.size.columns) - INDENT;
  const indent = span(' '.repeat(INDENT), 'plain');
  const nameWidth = Math.max(1, Math.min(WIDEST_TILE_NAME, Math.floor(width / 2) - numberWidth(lanes)));
  const titles = laneTitles(lanes, nameWidth);
  const used = titles.reduce((most, { text }) => Math.max(most, textWidth(text)), 0);
  const lines = tiles.map((lane): Line => {
    const isFocused = view.view.focus.lane === lane;
    const { text, tone } = titles[lane]!;
    const name = fitted(span(text, isFocused && tone === 'bold' ? 'live' : tone), used);
    const number = span(laneNumber(lane, isFocused, lanes), isFocused ? 'live' : 'dim');
    const room = Math.max(0, width - used - numberWidth(lanes) - GAP);
    const figures = fitted(laneTileText(lanes[lane]!, view.now, room, view.runningCost(lanes[lane]!, lane)), room);
    return [indent, number, name, span(' '.repeat(GAP), 'plain'), figures];
  });
  if (hidden > 0) {
    const more = tiles.length === 0 ? `${hidden} lanes` : `${hidden} more lanes`;
    lines.push([indent, span(cutText(`… ${more}: ← → or 1-9`, width), 'dim')]);
  }
  return lines;
}

function helpLines(rows: number, width: number): Line[] {
  const keys = COMPARE_KEYS.reduce((most, { shown }) => Math.max(most, textWidth(shown)), 0);
  const lines = COMPARE_KEYS.map(({ shown, does }): Line => {
    const text = `  ${shown}${' '.repeat(keys - textWidth(shown))}   ${does}`;
    return [span(cutText(text, width), 'plain')];
  });
  return filled(lines.slice(0, rows), rows);
}

function diffLines(view: CompareView, columns: number, extents: LaneExtent[]): Line[] {
  const { lane } = view.view.focus;
  const width = Math.max(2, columns - INDENT);
  const height = bodyRows(view);
  const { cells, extent, below } = windowOf(view.diff(lane, width), height, view.view.scrolls[lane], width);
  extents[lane] = extent;
  const indent = span(' '.repeat(INDENT), 'plain');
  const lines = cells.map((cell): Line => [indent, cell]);
  if (below !== undefined && lines.length > 0) lines[lines.length - 1] = [indent, below];
  return filled(lines, height);
}

function filled(lines: readonly Line[], rows: number): Line[] {
  return [...lines, ...Array.from({ length: Math.max(0, rows - lines.length) }, (): Line => [])];
}

/** Returns what the keys do, as far as it fits: the most important ones first. */
function footer({ hasKeyboard, isSettled, view }: CompareView, width: number): string {
  const keys = !hasKeyboard
    ? ['ctrl-c stop']
    : view.overlay !== undefined
      ? ['esc back', '↑↓ scroll']
      : [
          isSettled ? 'q quit' : 'esc stop',
          '? keys',
          '←→ lane',
          view.focus.isEnlarged ? '↵ back' : '↵ enlarge',
          '↑↓ scroll',
          ...(isSettled ? [] : ['x stop lane']),
          'd diff',
          'r reasoning',
        ];
  return keys.reduce(
    (line, key) => (textWidth(line) + textWidth(key) + 3 > width ? line : `${line}${line.trim() === '' ? '' : ' · '}${key}`),
    ' '.repeat(INDENT),
  );
}

/** Returns the line cut to the width: only a screen that is too narrow for any lane needs it. */
function clipped(line: Line, width: number): Line {
  const plain = line.map(({ text, tone }) => (tone === 'painted' ? stripVTControlCharacters(text) : text));
  if (plain.reduce((sum, text) => sum + textWidth(text), 0) <= width) return line;
  return [span(cutText(plain.join(''), width), 'plain')];
}

/** Removes trailing spaces, because every cell costs time in every frame. */
function withoutTrailingSpace(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== '');
  return line.slice(0, last + 1).map((piece, index) => (index === last ? { ...piece, text: piece.text.trimEnd() } : piece));
}

/** Returns the span cut or padded to exactly `width` columns. */
function fitted({ text, tone }: Span, width: number): Span {
  const cut = cutText(text, width);
  return span(cut + ' '.repeat(Math.max(0, width - textWidth(cut))), tone);
}

function span(text: string, tone: Tone): Span {
  return { text, tone };
}
