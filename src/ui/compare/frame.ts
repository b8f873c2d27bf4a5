import { type CompareState, costSoFar, isFinal, type Lane } from '../../core/compare/state.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import { laneName, laneReason } from '../../output/compare/lane.ts';
import { moneyText } from '../../output/text/money.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { drawableColumns, drawableRows } from '../screen/drawable.ts';
import { type CompareLayout, GAP, INDENT, layoutLanes } from './layout.ts';
import { laneStatus, laneTitles } from './lane-status.ts';
import type { LaneWindow } from './lane-window.ts';
import type { Line, Span, Tone } from '../screen/line.ts';
import { wrapRows } from '../../output/text/wrap-rows.ts';

export interface CompareView {
  isSandbox: boolean;
  prompt: string;
  state: CompareState;
  /** The visible part of each lane's answer. */
  windows: readonly LaneWindow[];
  size: { columns: number; rows: number };
  now: number;
  /** The line at the bottom: what the user can do. */
  hint: string;
}

/** The width of a mark, a speed, a time and a cost. */
const STATUS_WIDTH = 34;
/** In UTF-16 units. No screen shows more of a prompt, which may be a whole file. */
const LONGEST_PROMPT = 500;

/** Returns the lines of the screen while a comparison runs: always fewer than its rows, and narrower than its columns. */
export function compareFrame(view: CompareView): Line[] {
  const layout = layoutLanes(view.size, view.state.lanes.length);
  const width = drawableColumns(view.size.columns);
  const lines = [
    headerLine(view, width),
    ...(layout.kind === 'columns' ? columnLines(view, layout) : stackedLines(view, layout)),
    [span(cutText(`${' '.repeat(INDENT)}${view.hint}`, width), 'dim')],
  ];
  return lines.slice(0, drawableRows(view.size.rows)).map(withoutTrailingSpace);
}

function headerLine({ isSandbox, prompt, state, now }: CompareView, columns: number): Line {
  const label = isSandbox ? `${SANDBOX_LABEL} · ` : '';
  const width = columns - label.length;
  const { lanes } = state;
  const finished = lanes.filter(isFinal).length;
  const summary = cutText(
    `${lanes.length} lanes · ${(Math.max(0, now - state.startedAt) / 1000).toFixed(1)} s · ${moneyText(costSoFar(state))} · ${finished} of ${lanes.length} done`,
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

function columnLines(view: CompareView, layout: CompareLayout): Line[] {
  const { lanes } = view.state;
  const titles = laneTitles(lanes, layout.laneWidth);
  const columns = lanes.map((lane, index) => [
    fitted(titles[index]!, layout.laneWidth),
    fitted(laneStatus(lane, view.now, layout.laneWidth), layout.laneWidth),
    ...bodySpans(lane, view.windows[index]!, layout),
  ]);
  const empty = span(' '.repeat(layout.laneWidth), 'plain');
  return Array.from({ length: layout.bodyRows + 2 }, (_, row) =>
    columns.flatMap((cells, index) => [span(' '.repeat(index === 0 ? INDENT : GAP), 'plain'), cells[row] ?? empty]),
  );
}

function stackedLines(view: CompareView, layout: CompareLayout): Line[] {
  const { lanes } = view.state;
  const indent = span(' '.repeat(INDENT), 'plain');
  // Figures need about twenty columns; the name gets the rest.
  const titles = laneTitles(lanes, Math.max(Math.floor(layout.laneWidth / 2), layout.laneWidth - STATUS_WIDTH));
  const lines = lanes.slice(0, layout.shown).flatMap((lane, index): Line[] => {
    const title = titles[index]!;
    const name = title.text + ' '.repeat(GAP);
    const room = layout.laneWidth - textWidth(name);
    const status = fitted(laneStatus(lane, view.now, room), room);
    const body = bodySpans(lane, view.windows[index]!, layout);
    const missing = Array.from({ length: layout.bodyRows - body.length }, () => span('', 'plain'));
    return [[indent, span(name, title.tone), status], ...[...body, ...missing].map((cell) => [indent, cell])];
  });
  const hidden = lanes.slice(layout.shown).map((lane) => laneName(lane, lanes));
  if (hidden.length > 0) lines.push([indent, span(cutText(`not shown: ${hidden.join(', ')}`, layout.laneWidth), 'dim')]);
  return lines;
}

function bodySpans(lane: Lane, window: LaneWindow, { laneWidth, bodyRows }: CompareLayout): Span[] {
  const reason = lane.state === 'failed' ? wrapRows(laneReason(lane), laneWidth).slice(0, Math.min(4, bodyRows)) : [];
  const height = bodyRows - reason.length;
  const rows = height === 0 ? [] : window.rows(lane.answer, laneWidth, height);
  const tone = lane.answer.text === '' ? 'dim' : 'plain';
  return [...rows.map((text) => span(text, tone)), ...reason.map(({ text }) => fitted(span(text, 'bad'), laneWidth))];
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
