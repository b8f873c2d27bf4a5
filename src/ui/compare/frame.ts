import { stripVTControlCharacters } from 'node:util';
import { costSoFar, isFinal, laneCost } from '../../core/compare/state.ts';
import type { Decimal } from '../../decimal.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import { moneyText } from '../../output/text/money.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { drawableColumns, drawableRows } from '../screen/drawable.ts';
import { fillLines, type Line, span } from '../screen/line.ts';
import { columnLines, diffLines } from './lane-columns.ts';
import { tileLines } from './lane-tiles.ts';
import { GAP, INDENT, layoutLanes } from './layout.ts';
import type { CompareView } from './view.ts';
import { COMPARE_KEYS, type LaneExtent } from './view-state.ts';

/** A screen, and the rows of the lanes that it shows. */
export interface CompareFrame {
  lines: readonly Line[];
  extents: readonly LaneExtent[];
  /** Rows of a lane are missing that another frame will have. */
  isBehind: boolean;
}

/** In UTF-16 units. No screen shows more of a prompt, which may be a whole file. */
const LONGEST_PROMPT = 500;
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
      ? helpLines(rowsBetween(view), width)
      : overlay === 'diff'
        ? diffLines(view, width, rowsBetween(view), extents)
        : [...columnLines(view, layout, extents), ...tileLines(view, layout)];
  const lines = [headerLine(view, width), ...body, [span(footer(view, width), 'dim')]];
  return {
    lines: lines.slice(0, drawableRows(size.rows)).map((line) => withoutTrailingSpace(clipped(line, width))),
    extents,
    isBehind: layout.shown.some((lane) => view.rows[lane]!.isBehind()),
  };
}

/** Returns the rows between the first line and the last one. */
function rowsBetween({ size }: CompareView): number {
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

function helpLines(rows: number, width: number): Line[] {
  const keys = COMPARE_KEYS.reduce((most, { shown }) => Math.max(most, textWidth(shown)), 0);
  const lines = COMPARE_KEYS.map(({ shown, does }): Line => {
    const text = `  ${shown}${' '.repeat(keys - textWidth(shown))}   ${does}`;
    return [span(cutText(text, width), 'plain')];
  });
  return fillLines(lines, rows);
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
