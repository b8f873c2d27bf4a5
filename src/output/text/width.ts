import stringWidth from 'string-width';
import { graphemes } from '../../core/graphemes.ts';

/** ASCII, and the marks of orx itself: as wide as they are many. */
const ONE_COLUMN_EACH = /^[\x20-\x7e–→×·…█─]*$/;
const MOST_KNOWN_WIDTHS = 10_000;
const knownWidths = new Map<string, number>();

/** How many columns of the screen one character takes. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme >= ' ' && grapheme <= '~') return 1;
  let width = knownWidths.get(grapheme);
  if (width === undefined) {
    width = stringWidth(grapheme);
    // No text has so many different characters but one that is made to fill the memory.
    if (knownWidths.size >= MOST_KNOWN_WIDTHS) knownWidths.clear();
    knownWidths.set(grapheme, width);
  }
  return width;
}

/** How many columns of the screen a text without styles takes. */
export function textWidth(text: string): number {
  return ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text);
}

/** Cuts text to a number of columns, whole characters only; what was cut is marked with `…`. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes(text)) {
    const wide = graphemeWidth(segment);
    if (used + wide > width - 1) break;
    cut += segment;
    used += wide;
  }
  return `${cut}…`;
}
