import type { Model } from '../../apis/catalogue.ts';
import { compareText } from './compare-text.ts';

/** Longest name that is compared: real names are shorter, and the work grows with the length. */
const LONGEST_NAME = 100;
/** Largest share of letters that may differ. Beyond it, a name is not a typo of the other. */
const FARTHEST = 0.5;

/**
 * Returns the ids that the text may stand for, nearest first: those that contain the text, then those that differ by few letters, in the whole
 * id or in the part after the slash. Empty if none is near.
 */
export function nearNames(text: string, models: readonly Pick<Model, 'id'>[], limit = 3): string[] {
  const wanted = text.trim().toLowerCase().slice(0, LONGEST_NAME);
  if (wanted === '') return [];
  return models
    .map(({ id }) => ({ id, ...nearness(wanted, id.toLowerCase()) }))
    .filter(({ distance }) => distance <= FARTHEST)
    .sort((a, b) => a.distance - b.distance || a.extra - b.extra || compareText(a.id, b.id))
    .slice(0, limit)
    .map(({ id }) => id);
}

/** Returns the word of a list that is nearest to the text; undefined if none is near. */
export function nearestWord<const T extends string>(text: string, words: readonly T[]): T | undefined {
  const wanted = text.slice(0, LONGEST_NAME);
  return words
    .map((word) => ({ word, distance: wanted.length > 1 && word.startsWith(wanted) ? 0 : difference(wanted, word) }))
    .filter(({ distance }) => distance <= FARTHEST)
    .sort((a, b) => a.distance - b.distance)[0]?.word;
}

/** `distance` is from 0 (contains the text) to 1 (nothing in common); `extra` is by how much the id is longer. */
function nearness(wanted: string, id: string): { distance: number; extra: number } {
  const extra = Math.abs(id.length - wanted.length);
  if (id.includes(wanted)) return { distance: 0, extra };
  return { distance: Math.min(difference(wanted, id), difference(slugOf(wanted), slugOf(id))), extra };
}

function difference(a: string, b: string): number {
  return editDistance(a, b) / Math.max(a.length, b.length, 1);
}

/** Returns the part after the slash: `deepseek/deepseek-chat` → `deepseek-chat`. */
export function slugOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

/** Returns the part before the slash, without the `~` of an alias: `~anthropic/claude-sonnet-latest` → `anthropic`. */
export function authorOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf('/'))).replace(/^~/, '');
}

/** Returns the number of letters to insert, delete, replace or swap with their neighbor to turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
