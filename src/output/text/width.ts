import stringWidth from 'string-width';
import { graphemes } from '../../core/graphemes.ts';

/** ASCII and orx's own symbols, each one column wide. */
const ONE_COLUMN_EACH = /^[\x20-\x7e–→×·…█─]*$/;
const PRINTABLE_ASCII = /^[ -~]*$/;
const MOST_KNOWN_WIDTHS = 10_000;
const knownWidths = new Map<string, number>();

/** Returns whether each UTF-16 unit of the text is a character of one column. */
export function isPrintableAscii(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/** Returns the width of one grapheme in columns. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme >= ' ' && grapheme <= '~') return 1;
  let width = knownWidths.get(grapheme);
  if (width === undefined) {
    width = stringWidth(grapheme);
    // Only a text that is made to fill the memory has this many different characters.
    if (knownWidths.size >= MOST_KNOWN_WIDTHS) knownWidths.clear();
    knownWidths.set(grapheme, width);
  }
  return width;
}

/** Returns the width of a text without styles, in columns. */
export function textWidth(text: string): number {
  return ONE_COLUMN_EACH.test(text) ? text.length : stringWidth(text);
}

/** Returns the text cut to `width` columns. Characters stay whole, and `…` marks a cut. */
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
