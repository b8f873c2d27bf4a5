/** How a piece of a line looks; every mark also reads without colour. */
export type Tone = 'plain' | 'bold' | 'dim' | 'live' | 'good' | 'warning' | 'bad';

export interface Span {
  text: string;
  tone: Tone;
}

/** A line of the screen: its pieces in order. */
export type Line = readonly Span[];
