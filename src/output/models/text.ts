import { localDayText } from '../../core/time/local-text.ts';
import type { Model } from '../../apis/catalogue.ts';

const MODALITIES = ['text', 'image', 'audio', 'video', 'file'];

/** `164k`, `1M`, `1.3M`: tokens, in thousands and millions of them. */
export function contextText(tokens: number | undefined): string {
  if (tokens === undefined) return '–';
  if (tokens < 1000) return String(tokens);
  const thousands = Math.round(tokens / 1000);
  return thousands < 1000 ? `${thousands}k` : `${Number((tokens / 1_000_000).toFixed(1))}M`;
}

/** The local day, from Unix seconds. */
export function createdText(seconds: number | undefined): string {
  return seconds === undefined ? '–' : localDayText(seconds * 1000);
}

/** `text image → text`, the common ones in the same order everywhere. */
export function modalitiesText({ inputModalities, outputModalities }: Model): string {
  if (inputModalities.length === 0 && outputModalities.length === 0) return '–';
  return `${inOrder(inputModalities)} → ${inOrder(outputModalities)}`;
}

function inOrder(names: readonly string[]): string {
  const rank = (name: string): number => (MODALITIES.includes(name) ? MODALITIES.indexOf(name) : MODALITIES.length);
  return [...names].sort((a, b) => rank(a) - rank(b)).join(' ') || '–';
}
