import type { Cell } from '../../output/table/table.ts';
import type { Meaning, Theme } from '../../output/text/theme.ts';

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
