import type { ContentBlock } from './encode-content.ts';

/** The API refuses a request with more. */
const MOST_MARKERS = 4;

/**
 * Takes away the cache markers that are too many: the first one stays, which ends the instructions, and the last ones, which end the newest turns.
 * Returns whether any was taken. `others` are those that do not stand on a block.
 */
export function limitMarkers(blocks: readonly ContentBlock[], others: number): boolean {
  const marked = blocks.filter((block) => block['cache_control'] !== undefined);
  const room = MOST_MARKERS - others;
  const surplus = marked.length <= room ? [] : marked.slice(1, marked.length - room + 1);
  for (const block of surplus) delete block['cache_control'];
  return surplus.length > 0;
}
