import type { ContentBlock } from './encode-content.ts';

/** The API rejects a request with more. */
const MOST_MARKERS = 4;

/**
 * Removes surplus cache markers. Keeps the first one, which ends the instructions, and the last ones, which end the newest turns.
 * Returns whether any was removed. `others` is the number of markers outside these blocks.
 */
export function limitMarkers(blocks: readonly ContentBlock[], others: number): boolean {
  const marked = blocks.filter((block) => block['cache_control'] !== undefined);
  const room = MOST_MARKERS - others;
  const surplus = marked.length <= room ? [] : marked.slice(1, marked.length - room + 1);
  for (const block of surplus) delete block['cache_control'];
  return surplus.length > 0;
}
