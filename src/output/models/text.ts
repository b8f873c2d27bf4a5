import { localDayText } from '../../core/time/local-text.ts';
import type { Model } from '../../apis/catalogue.ts';

const MODALITIES = ['text', 'image', 'audio', 'video', 'file'];

/** Returns a number of tokens in thousands or millions: `164k`, `1M`, `1.3M`. */
export function contextText(tokens: number | undefined): string {
  if (tokens === undefined) return '–';
  if (tokens < 1000) return String(tokens);
  const thousands = Math.round(tokens / 1000);
  return thousands < 1000 ? `${thousands}k` : `${Number((tokens / 1_000_000).toFixed(1))}M`;
}

/** Returns the local day of a time in Unix seconds. */
export function createdText(seconds: number | undefined): string {
  return seconds === undefined ? '–' : localDayText(seconds * 1000);
}

/** Returns the modalities: `text image → text`. Common ones always have the same order. */
export function modalitiesText({ inputModalities, outputModalities }: Model): string {
  if (inputModalities.length === 0 && outputModalities.length === 0) return '–';
  return `${inOrder(inputModalities)} → ${inOrder(outputModalities)}`;
}

function inOrder(names: readonly string[]): string {
  const rank = (name: string): number => (MODALITIES.includes(name) ? MODALITIES.indexOf(name) : MODALITIES.length);
  return [...names].sort((a, b) => rank(a) - rank(b)).join(' ') || '–';
}
