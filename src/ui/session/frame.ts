import type { Candidate, Suggestions } from '../../core/session/suggestions.ts';
import type { Draft } from '../../core/session/draft.ts';
import type { SessionInput } from '../../core/session/input.ts';
import { findPrompt } from '../../core/session/prompt-history.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { drawableColumns, drawableRows } from '../screen/drawable.ts';
import type { Line } from '../screen/line.ts';
import { cursorPlace, editorRows } from './editor-rows.ts';

/** The state shown below the transcript. */
export interface SessionView {
  /** The open end of the answer, already cut to the screen's width. */
  tail: readonly Line[];
  /** What orx is waiting for, until something arrives. */
  waiting: string | undefined;
  queue: readonly Draft[];
  input: SessionInput;
  menu: Suggestions | undefined;
  /** Maximum width of the prompt in columns. */
  prose: number;
  /** Facts, then hints about available keys. Facts without room are omitted. */
  status: { facts: readonly string[]; hints: readonly string[] };
}

export interface SessionFrame {
  lines: readonly Line[];
  /** The position of the terminal's cursor, relative to the upper left corner of the frame. */
  cursor: { x: number; y: number };
}

interface Size {
  columns: number;
  rows: number;
}

const PROMPT = '› ';
const INDENT = '  ';
const MOST_MENU_ROWS = 8;
const MOST_QUEUE_ROWS = 3;
/** One row for the prompt and one for the status. */
const LEAST_ROWS = 2;

/** Returns the width of the prompt's text. One more column is left for the cursor behind the last character. */
export function promptWidth(columns: number, prose: number): number {
  return Math.max(2, Math.min(drawableColumns(columns), prose) - PROMPT.length - 1);
}

/** Returns the live part of the conversation: always lower and narrower than the screen. */
export function sessionFrame(view: SessionView, size: Size): SessionFrame {
  const room = drawableRows(size.rows);
  const width = drawableColumns(size.columns);
  const prompt = promptLines(
    view,
    width,
    promptWidth(size.columns, view.prose),
    Math.max(1, Math.min(Math.ceil(room / 2), room - 1)),
  );
  const status = room > 1 ? [statusLine(view.status, width)] : [];
  let left = room - prompt.lines.length - status.length;
  const part = (lines: readonly Line[], most: number, from: 'top' | 'bottom'): readonly Line[] => {
    const count = Math.max(0, Math.min(left, most));
    const visible = count === 0 ? [] : from === 'top' ? lines.slice(0, count) : lines.slice(-count);
    left -= visible.length;
    return visible;
  };
  const menu = part(menuLines(view, width, Math.min(left, MOST_MENU_ROWS)), MOST_MENU_ROWS, 'top');
  const queue = part(queueLines(view.queue, width), MOST_QUEUE_ROWS + 1, 'bottom');
  const gap = part([[]], room > LEAST_ROWS ? 1 : 0, 'top');
  const waiting = view.waiting === undefined ? [] : [[{ text: cutText(visibleLine(view.waiting), width), tone: 'dim' } as const]];
  const tail = part([...view.tail, ...waiting], room, 'bottom');
  const above = [...tail, ...gap, ...queue, ...menu];
  return {
    lines: [...above, ...prompt.lines, ...status],
    cursor: { x: prompt.cursor.x, y: above.length + prompt.cursor.y },
  };
}

function promptLines({ input }: SessionView, width: number, text: number, most: number): SessionFrame {
  if (input.search !== undefined) return searchLines(input, width, most);
  const rows = editorRows(input.editor.cells, text);
  const { row, column } = cursorPlace(input.editor, rows, text);
  // If there is no room for all rows, show those around the cursor.
  const first = Math.max(0, Math.min(row - Math.floor(most / 2), rows.length - most));
  const lines = rows.slice(first, first + most).map((shown, index): Line => {
    const isFirst = first + index === 0;
    return [
      { text: isFirst ? PROMPT : INDENT, tone: 'live' },
      { text: shown.text, tone: 'plain' },
    ];
  });
  return { lines, cursor: { x: PROMPT.length + column, y: row - first } };
}

function searchLines({ history, search }: SessionInput, width: number, most: number): SessionFrame {
  const query = search?.query ?? '';
  const hit = findPrompt(history, { query, skip: search?.skip ?? 0 });
  const label = 'search sent messages: ';
  const shown = cutText(visibleLine(query), Math.max(1, width - label.length - 1));
  const first: Line = [
    { text: cutText(label, width), tone: 'live' },
    { text: shown, tone: 'plain' },
  ];
  const match = hit === undefined ? (query === '' ? 'type a part of it' : 'none') : hit.text;
  const second: Line = [{ text: cutText(INDENT + visibleLine(match), width), tone: hit === undefined ? 'dim' : 'plain' }];
  const x = Math.min(width - 1, label.length + textWidth(shown));
  return { lines: [first, second].slice(0, most), cursor: { x, y: 0 } };
}

function queueLines(queue: readonly Draft[], width: number): Line[] {
  const shown = queue.slice(-MOST_QUEUE_ROWS);
  const more = queue.length - shown.length;
  const lines = shown.map(({ text }): Line => [{ text: cutText(`${INDENT}queued: ${visibleLine(text)}`, width), tone: 'dim' }]);
  return more === 0 ? lines : [[{ text: `${INDENT}${more} more queued`, tone: 'dim' }], ...lines];
}

function menuLines({ menu, input }: SessionView, width: number, room: number): Line[] {
  if (menu === undefined || room < 1) return [];
  const { candidates, none } = menu;
  if (candidates.length === 0)
    return none === undefined ? [] : [[{ text: cutText(INDENT + visibleLine(none), width), tone: 'dim' }]];
  const chosen = Math.min(input.chosen ?? 0, candidates.length - 1);
  const isCut = candidates.length > room;
  const count = isCut && room > 1 ? room - 1 : Math.min(room, candidates.length);
  const first = Math.max(0, Math.min(chosen - Math.floor(count / 2), candidates.length - count));
  const shown = candidates.slice(first, first + count);
  const labels = Math.min(Math.floor(width / 2), Math.max(...shown.map(({ label }) => textWidth(visibleLine(label)))));
  const lines = shown.map((candidate, index) => menuLine(candidate, first + index === chosen, labels, width));
  if (isCut && room > 1) lines.push([{ text: cutText(`${INDENT}${chosen + 1} of ${candidates.length}`, width), tone: 'dim' }]);
  return lines;
}

function menuLine({ label, detail }: Candidate, isChosen: boolean, labels: number, width: number): Line {
  const name = cutText(visibleLine(label), labels);
  const padded = name + ' '.repeat(Math.max(0, labels - textWidth(name)));
  const room = width - labels - 4;
  const rest = detail === '' || room < 4 ? '' : `  ${cutText(visibleLine(detail), room)}`;
  return [
    { text: `${isChosen ? '▸ ' : INDENT}${padded}`, tone: isChosen ? 'live' : 'plain' },
    { text: rest, tone: 'dim' },
  ];
}

function statusLine({ facts, hints }: SessionView['status'], width: number): Line {
  let text = INDENT + visibleLine(facts[0] ?? '');
  for (const fact of facts.slice(1)) {
    const longer = `${text} · ${visibleLine(fact)}`;
    if (textWidth(longer) <= width) text = longer;
  }
  // Not aligned to the right edge: a terminal that becomes narrower would break the row.
  for (const [index, hint] of hints.entries()) {
    const longer = `${text}${index === 0 ? '    ' : ' · '}${hint}`;
    if (textWidth(longer) > width) break;
    text = longer;
  }
  return [{ text: cutText(text, width), tone: 'dim' }];
}
