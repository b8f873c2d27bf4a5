import type { AnswerDiff } from '../../core/compare/lane-diffs.ts';
import type { DiffPiece } from '../../core/compare/word-diff.ts';
import { wholeLaneName } from './lane.ts';
import type { Meaning, Theme } from '../text/theme.ts';
import { visibleText } from '../text/visible.ts';
import { wrapRows } from '../text/wrap-rows.ts';

/** Returns the heading of a diff. */
export function diffTitle({ lane, base }: AnswerDiff): string {
  return `## ${wholeLaneName(lane)} against ${wholeLaneName(base)}`;
}

/** Returns a diff as data: the numbers of the lanes, and the pieces in their order. */
export function answerDiffJson({ lane, base, pieces }: AnswerDiff): Record<string, unknown> {
  return { lane: lane.lane + 1, against: base.lane + 1, pieces };
}

const MARKS: Readonly<Record<DiffPiece['kind'], readonly [open: string, close: string]>> = {
  same: ['', ''],
  added: ['{+', '+}'],
  removed: ['[-', '-]'],
};
const MEANINGS: Readonly<Record<DiffPiece['kind'], readonly Meaning[]>> = { same: [], added: ['good'], removed: ['bad'] };

/** Returns a diff as text with the marks of `git diff --word-diff`: `[-removed-]{+added+}`. Ends with a newline. */
export function diffText(pieces: readonly DiffPiece[]): string {
  const text = pieces.map(({ kind, text: piece }) => MARKS[kind][0] + piece + MARKS[kind][1]).join('');
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Returns a diff as painted rows of at most `width` columns, with the same marks. */
export function diffRows(pieces: readonly DiffPiece[], width: number, theme: Theme): string[] {
  const marked = pieces.map(({ kind, text }) => ({ kind, text: MARKS[kind][0] + visibleText(text) + MARKS[kind][1] }));
  let index = 0;
  let used = 0;
  /** Paints the next characters of the diff, or skips them. */
  const take = (length: number): string => {
    let painted = '';
    for (let left = length; left > 0 && index < marked.length;) {
      const { kind, text } = marked[index]!;
      const part = text.slice(used, used + left);
      painted += part === '' ? '' : theme.paint(MEANINGS[kind], part);
      left -= part.length;
      used += part.length;
      if (used >= text.length) [index, used] = [index + 1, 0];
    }
    return painted;
  };
  return wrapRows(marked.map(({ text }) => text).join(''), width).map((row) => {
    const painted = take(row.text.length);
    take(row.after.length);
    return painted;
  });
}
