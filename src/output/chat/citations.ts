import type { Citation } from '../../core/tools/citations.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the sources of an answer as numbered lines. URLs are written out, so that no title hides one. */
export function citationsText(citations: readonly Citation[]): string {
  return citations
    .map(({ title, url }, index) => {
      const mark = `[${index + 1}]`;
      return `${mark} ${visibleLine(title === undefined ? url : `${title} — ${url}`)}\n`;
    })
    .join('');
}
