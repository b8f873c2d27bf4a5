import { isDeepEqual } from './deep-equal.ts';
import type { TextType } from './types.ts';
import { anyText } from '../../../text/any-text.ts';

/** Whether an answer fits, and what was looked for. */
export interface CheckFinding {
  isMet: boolean;
  reason: string;
}

/** Returns whether the text of an answer fits. `value` is the expected value with its templates replaced. */
export function checkText(type: TextType, text: string, value: unknown): CheckFinding {
  const lower = text.toLowerCase();
  const list = expectedList(value);
  const words = list.map((word) => word.toLowerCase());
  const wanted = expectedText(value);
  switch (type) {
    case 'contains':
      return { isMet: text.includes(wanted), reason: `contains ${quoted(wanted)}` };
    case 'icontains':
      return { isMet: lower.includes(wanted.toLowerCase()), reason: `contains ${quoted(wanted)} in any case` };
    case 'contains-any':
      return { isMet: list.some((word) => text.includes(word)), reason: `contains one of ${quotedList(list)}` };
    case 'icontains-any':
      return { isMet: words.some((word) => lower.includes(word)), reason: `contains one of ${quotedList(list)} in any case` };
    case 'contains-all':
      return { isMet: list.every((word) => text.includes(word)), reason: `contains ${missing(list, text)}` };
    case 'icontains-all':
      return { isMet: words.every((word) => lower.includes(word)), reason: `contains ${missing(words, lower)} in any case` };
    case 'contains-word':
      return { isMet: list.some((word) => containsWord(text, word)), reason: `contains ${quotedList(list)} as a word` };
    case 'choice':
      return {
        isMet: list.some((word) => chosenLetter(text) === word.trim().toUpperCase()),
        reason: `chooses ${quotedList(list)}`,
      };
    case 'equals':
      return { isMet: equals(text, value), reason: `equals ${quoted(wanted)}` };
    case 'fuzzy':
      return {
        isMet: list.some((word) => isFuzzyMatch(text, word)),
        reason: `contains ${quotedList(list)}, or is contained in it`,
      };
    case 'starts-with':
      return { isMet: list.some((word) => text.startsWith(word)), reason: `starts with ${quotedList(list)}` };
    case 'regex':
      return { isMet: new RegExp(wanted).test(text), reason: `matches /${wanted}/` };
    case 'max-length':
      return { isMet: length(text) <= Number(value), reason: `has at most ${wanted} characters (it has ${length(text)})` };
    case 'min-length':
      return { isMet: length(text) >= Number(value), reason: `has at least ${wanted} characters (it has ${length(text)})` };
  }
}

/** Returns a list of texts: of a list its items, of anything else itself. */
export function expectedList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(expectedText) : [expectedText(value)];
}

/** Returns a value as text: JSON for objects and lists. */
export function expectedText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : anyText(value);
}

function equals(text: string, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return text === expectedText(value);
  try {
    return isDeepEqual(JSON.parse(text), value);
  } catch {
    return false;
  }
}

/** Characters, not UTF-16 units. */
function length(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Not next to another letter or digit, in any case; `1,000` is the same as `1000`. */
function containsWord(text: string, word: string): boolean {
  const wanted = normalized(word);
  if (wanted === '') return false;
  const hay = normalized(text);
  for (let at = hay.indexOf(wanted); at !== -1; at = hay.indexOf(wanted, at + 1)) {
    const before = hay.slice(0, at).slice(-2);
    const after = hay.slice(at + wanted.length, at + wanted.length + 2);
    const startsInside = isWordChar(before.slice(-1)) && isWordChar(wanted[0]!);
    const endsInside = isWordChar(after.slice(0, 1)) && isWordChar(wanted.at(-1)!);
    // 3 is not in 3.5 nor in 2.3.
    const isPartOfNumber = /^\.\d/.test(after) || (/\d\.$/.test(before) && /^\d/.test(wanted));
    if (!startsInside && !endsInside && !(isPartOfNumber && /^[\d.]+$/.test(wanted))) return true;
  }
  return false;
}

function normalized(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .trim()
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '');
}

function isWordChar(char: string): boolean {
  return /[\p{L}\p{N}]/u.test(char);
}

/** Returns the letter of a multiple-choice answer: after "answer:", alone, or at its start. */
function chosenLetter(text: string): string | undefined {
  const marked = [...text.matchAll(/\banswer(?:\s+is)?\s*:?\s*[*_`($[]*([A-Z])\b/gi)].at(-1)?.[1];
  const [, alone] = /^[\s*_`([]*([A-Za-z])[\s*_`)\].:]*$/.exec(text) ?? [];
  const [, first] = /^[\s*_`([]*([A-Z])(?:[)\].:]|\s*[-–—]\s)/.exec(text) ?? [];
  return (marked ?? alone ?? first)?.toUpperCase();
}

/** Either contains the other, without case, punctuation and articles. */
function isFuzzyMatch(text: string, word: string): boolean {
  const [a, b] = [bare(text), bare(word)];
  return a === '' || b === '' ? a === b : a.includes(b) || b.includes(a);
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\p{P}\p{S}]/gu, '')
    .replaceAll(/\b(?:a|an|the)\b/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function missing(list: readonly string[], text: string): string {
  const absent = list.filter((word) => !text.includes(word));
  return quotedList(absent.length === 0 ? list : absent);
}

const SHOWN = 80;

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

function quotedList(list: readonly string[]): string {
  const shown = list.slice(0, 5).map(quoted);
  return list.length > 5 ? `${shown.join(', ')} and ${list.length - 5} more` : shown.join(', ');
}
