import type { TextShape } from '../output/compare-text.ts';
import { visibleTextStream } from '../output/visible-text.ts';
import { createRowWrapper, type Row } from './wrap-rows.ts';

/** Makes text visible and breaks it between words, so that no row of it is wider than `width` columns. Every row ends with a newline. */
export function wrappedText(width: number): TextShape {
  const visible = visibleTextStream();
  const wrapper = createRowWrapper(width);
  const lines = (rows: readonly Row[]): string => rows.map((row) => `${row.text}\n`).join('');
  return {
    push: (piece) => lines(wrapper.push(visible.push(piece))),
    end: () => lines([...wrapper.push(visible.end()), ...wrapper.end()]),
  };
}
