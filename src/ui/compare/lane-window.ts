import type { Answer } from '../../core/answer/answer.ts';
import { visibleTextStream } from '../../output/text/visible.ts';
import { createRowWrapper, type Row } from '../../output/text/wrap-rows.ts';
import { textWidth } from '../../output/text/width.ts';

/** In UTF-16 units: so much is wrapped at once in no time. */
const LEAST_TAIL = 4096;

/** The last rows of one lane's answer, padded to its column. Each character is looked at once, however many frames are drawn. */
export interface LaneWindow {
  /** At most `height` rows of exactly `width` columns. While there is no text yet, the reasoning. */
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

/** Where to begin so that a window is filled without wrapping all that came before it: at a line's start if there is one near. */
function startOfTail(text: string, length: number): number {
  if (text.length <= length) return 0;
  const start = text.length - length;
  const newline = text.indexOf('\n', start);
  if (newline !== -1 && newline < text.length - length / 2) return newline + 1;
  return /[\udc00-\udfff]/.test(text.charAt(start)) ? start + 1 : start;
}
