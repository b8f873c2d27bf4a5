import type { Cell, TableLine } from '../../output/table/table.ts';
import type { Meaning, Theme } from '../../output/text/theme.ts';
import { cutText, textWidth } from '../../output/text/width.ts';

/** The style of a piece of a line; every mark also reads without color. `painted`: as a theme has painted it already. */
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

/** The tone of a piece of a table or a printed line. */
export function toneOf({ tone }: Cell): Tone {
  return tone === undefined ? 'plain' : tone === 'accent' ? 'live' : tone;
}

/** Text in the style that a theme gives a tone. */
export function paintTone(text: string, tone: Tone, theme: Theme): string {
  return tone === 'painted' ? text : theme.paint(MEANINGS[tone], text);
}

/** Cut at the width, in the tones of the screen. */
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
