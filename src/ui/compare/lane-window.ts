import type { Answer } from '../../core/answer/answer.ts';
import { visibleTextStream } from '../../output/text/visible.ts';
import { createRowWrapper, type Row } from '../../output/text/wrap-rows.ts';
import { textWidth } from '../../output/text/width.ts';

/** In UTF-16 units. This much text is wrapped at once without a noticeable delay. */
const LEAST_TAIL = 4096;

/** The last rows of one lane's answer, padded to the width of its column. Takes linear time, however many frames are drawn. */
export interface LaneWindow {
  /** Returns at most `height` rows of exactly `width` columns. Shows the reasoning until there is text. */
  rows: (answer: Answer, width: number, height: number) => readonly string[];
}

export function createLaneWindow(): LaneWindow {
  let key = '';
  let wrapper = createRowWrapper(2);
  let visible = visibleTextStream();
  let finished: string[] = [];
  let seen = 0;

  return {
    rows(answer, width, height) {
      const kind = answer.text === '' ? 'reasoning' : 'text';
      const source = kind === 'text' ? answer.text : answer.reasoning;
      const wanted = `${kind} ${width} ${height}`;
      if (wanted !== key) {
        key = wanted;
        wrapper = createRowWrapper(width);
        visible = visibleTextStream();
        finished = [];
        seen = startOfTail(source, Math.max(LEAST_TAIL, width * height * 4));
      }
      const padded = (row: Row): string => row.text + ' '.repeat(Math.max(0, width - textWidth(row.text)));
      const done = wrapper.push(visible.push(source.slice(seen)));
      seen = source.length;
      finished = [...finished, ...done.slice(-height).map(padded)].slice(-height);
      return [...finished, ...wrapper.tail().map(padded)].slice(-height);
    },
  };
}

/**
 * Returns where to start so that the window is filled without wrapping all earlier text: at the start of a line, if there is one
 * nearby.
 */
function startOfTail(text: string, length: number): number {
  if (text.length <= length) return 0;
  const start = text.length - length;
  const newline = text.indexOf('\n', start);
  if (newline !== -1 && newline < text.length - length / 2) return newline + 1;
  return /[\udc00-\udfff]/.test(text.charAt(start)) ? start + 1 : start;
}
