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
