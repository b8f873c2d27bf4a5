import { stripVTControlCharacters } from 'node:util';
import { isFinal, type Lane, laneReasoning } from '../../core/compare/state.ts';
import { laneNote } from '../../output/compare/lane.ts';
import { countText } from '../../output/text/number.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleTextStream } from '../../output/text/visible.ts';
import { textWidth } from '../../output/text/width.ts';
import { wrapRows } from '../../output/text/wrap-rows.ts';
import { createMarkdownRows } from '../markdown/markdown-rows.ts';
import { type MarkdownTheme, markdownTheme } from '../markdown/theme.ts';
import { createPlainRows, type TextRows } from '../screen/plain-rows.ts';

export interface LaneRowsOptions {
  theme: Theme;
  /** Formats the answer's Markdown instead of showing its source. */
  isMarkdown: boolean;
  /** Maximum width of prose in columns. */
  prose: number;
}

/** The painted rows of one lane's answer for the screen. Takes linear time, however many frames are drawn. */
export interface LaneRows {
  /**
   * Returns all rows at this width, each padded to it: the reasoning, in one line unless `isUnfolded`, the text, and why it is not
   * complete. A long text that is new at this width comes in parts: `isBehind` tells that more rows follow with the next call.
   */
  update: (lane: Lane, width: number, now: number, isUnfolded: boolean) => readonly string[];
  isBehind: () => boolean;
}

/** In UTF-16 units. This much text is wrapped within one frame without a noticeable delay. */
const MOST_AT_ONCE = 32_768;

/** Creates the rows of a lane: its reasoning, its answer and its failure. */
export function createLaneRows(options: LaneRowsOptions): LaneRows {
  const theme = markdownTheme(options.theme);
  let width = 0;
  let text = createTextPart(options, theme, 1);
  let thought = createThoughtPart(theme, 1);
  let isBehind = false;
  return {
    update(lane, wanted, now, isUnfolded) {
      if (wanted !== width) {
        width = wanted;
        text = createTextPart(options, theme, width);
        thought = createThoughtPart(theme, width);
      }
      const rows = [...thought.rows(lane, now, isUnfolded), ...text.rows(lane), ...noteRows(lane, theme, width)];
      isBehind = text.isBehind() || thought.isBehind();
      return rows;
    },
    isBehind: () => isBehind,
  };
}

interface Part {
  isBehind: () => boolean;
}

function createTextPart(
  { isMarkdown, prose }: LaneRowsOptions,
  theme: MarkdownTheme,
  width: number,
): Part & { rows: (lane: Lane) => readonly string[] } {
  const source = createGrowingRows(
    isMarkdown ? createMarkdownRows(width, theme, prose) : createPlainRows(width, (row) => row),
    width,
  );
  return {
    isBehind: source.isBehind,
    rows: (lane) => source.rows(lane.answer.text, isFinal(lane)),
  };
}

function createThoughtPart(
  theme: Theme,
  width: number,
): Part & { rows: (lane: Lane, now: number, isUnfolded: boolean) => readonly string[] } {
  const source = createGrowingRows(
    createPlainRows(width, (row) => theme.paint(['dim'], row)),
    width,
  );
  let isBehind = false;
  return {
    isBehind: () => isBehind,
    rows(lane, now, isUnfolded) {
      const reasoning = laneReasoning(lane, now);
      isBehind = false;
      if (reasoning === undefined) return [];
      const seconds = Math.max(1, Math.round(reasoning.elapsedMs / 1000));
      const hasEnded = lane.answer.text !== '' || isFinal(lane);
      const line = `${isUnfolded ? '▾' : '▸'} ${hasEnded ? 'thought for' : 'thinking'} ${seconds} s · ${countText(reasoning.tokens)} tokens`;
      const title = wrapRows(line, width).map((row) => padded(theme.paint(['dim'], row.text), width));
      // Without an answer the reasoning is all there is.
      const isAll = lane.answer.text === '' && isFinal(lane);
      const body = isUnfolded || isAll ? source.rows(lane.answer.reasoning, hasEnded) : [];
      isBehind = body.length > 0 && source.isBehind();
      return [...title, ...body, ...(lane.answer.text === '' ? [] : [' '.repeat(width)])];
    },
  };
}

/** Returns the rows of a text that grows, of which it reads only what is new. */
function createGrowingRows(
  rows: TextRows,
  width: number,
): Part & { rows: (source: string, isComplete: boolean) => readonly string[] } {
  const visible = visibleTextStream();
  const done: string[] = [];
  let seen = 0;
  let hasEnded = false;
  let behind = false;
  const add = (made: readonly string[]): void => {
    for (const row of made) done.push(padded(row, width));
  };
  return {
    isBehind: () => behind,
    rows(source, isComplete) {
      if (hasEnded) return done;
      // The colors of a language are being loaded; more text follows then.
      if (rows.waiting() === undefined) {
        const end = Math.min(source.length, seen + MOST_AT_ONCE);
        add(rows.push(visible.push(source.slice(seen, end))));
        seen = end;
      }
      behind = seen < source.length || rows.waiting() !== undefined;
      if (isComplete && !behind) {
        add(rows.push(visible.end()));
        add(rows.end());
        hasEnded = true;
        return done;
      }
      return [...done, ...rows.tail().map((row) => padded(row, width))];
    },
  };
}

function noteRows(lane: Lane, theme: Theme, width: number): string[] {
  if (!isFinal(lane)) return [];
  const note = laneNote(lane).trimEnd();
  if (note === '') return [];
  const rows = wrapRows(note, width).map((row) =>
    padded(theme.paint([lane.state === 'failed' ? 'bad' : 'warning'], row.text), width),
  );
  return lane.answer.text === '' ? rows : [' '.repeat(width), ...rows];
}

/** Returns the painted row with blanks up to the width. */
function padded(row: string, width: number): string {
  return row + ' '.repeat(Math.max(0, width - textWidth(stripVTControlCharacters(row))));
}
