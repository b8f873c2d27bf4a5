import type { Citation } from '../../core/tools/citations.ts';
import { visibleLine } from '../text/visible.ts';

/** The sources of an answer as numbered lines. Addresses are written out: nothing hides behind a title. */
export function citationsText(citations: readonly Citation[]): string {
  return citations
    .map(({ title, url }, index) => {
      const mark = `[${index + 1}]`;
      return `${mark} ${visibleLine(title === undefined ? url : `${title} — ${url}`)}\n`;
    })
    .join('');
}
