import type { Cell, TableLine } from '../../output/table/table.ts';
import type { Meaning, Theme } from '../../output/text/theme.ts';
import { cutText, textWidth } from '../../output/text/width.ts';

/**
 * The style of a piece of a line. Every mark is also readable without color. `painted`: the theme has already painted the text.
 */
export type Tone = 'painted' | 'plain' | 'bold' | 'dim' | 'live' | 'match' | 'good' | 'warning' | 'bad';

export interface Span {
  text: string;
  tone: Tone;
}

/** A line of the screen: its pieces in order. */
export type Line = readonly Span[];

const MEANINGS: Readonly<Record<Exclude<Tone, 'painted'>, readonly Meaning[]>> = {
  plain: [],
  bold: ['strong'],
  dim: ['dim'],
  live: ['accent'],
  match: ['match'],
  good: ['good'],
  warning: ['warning'],
  bad: ['bad'],
};

export function span(text: string, tone: Tone): Span {
  return { text, tone };
}

/** Returns the screen tone of a table cell or a piece of a printed line. */
export function toneOf({ tone }: Cell): Tone {
  return tone === undefined ? 'plain' : tone === 'accent' ? 'live' : tone;
}

/** Returns the text in the theme's style for a tone. */
export function paintTone(text: string, tone: Tone, theme: Theme): string {
  return tone === 'painted' ? text : theme.paint(MEANINGS[tone], text);
}

/** Returns the line cut to the width, with screen tones. */
export function fitLine(line: TableLine, width: number): Line {
  const spans: Span[] = [];
  let room = width;
  for (const cell of line) {
    const { text } = cell;
    if (room <= 0 || text === '') continue;
    const cut = cutText(text, room);
    room -= textWidth(cut);
    spans.push({ text: cut, tone: toneOf(cell) });
  }
  return spans;
}

/** Returns the line cut to the width. On a very narrow screen, even pieces that cannot be cut are omitted. */
export function cutLine(line: Line, width: number): Line {
  let room = width;
  return line.flatMap((piece) => {
    const text = cutText(piece.text, room);
    const used = textWidth(text);
    const hasRoom = room > 0 && used <= room;
    room -= used;
    return hasRoom ? [{ ...piece, text }] : [];
  });
}

/** Returns the span cut or padded to exactly `width` columns. */
export function fitSpan({ text, tone }: Span, width: number): Span {
  const cut = cutText(text, width);
  return span(cut + ' '.repeat(Math.max(0, width - textWidth(cut))), tone);
}

/** Returns the first `rows` lines, with empty ones after them if there are fewer. */
export function fillLines(lines: readonly Line[], rows: number): Line[] {
  return Array.from({ length: rows }, (_, row) => lines[row] ?? []);
}
