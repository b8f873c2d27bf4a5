import type { FilterName } from './expression.ts';

/** Applies a filter. Filters read their values and call nothing that a value contains. */
export function applyFilter(name: FilterName, value: unknown, words: readonly unknown[]): unknown {
  const text = (): string => displayText(value);
  switch (name) {
    case 'dump':
    case 'tojson':
      return JSON.stringify(value, null, indentOf(words[0])) ?? 'null';
    case 'load':
      return load(value);
    case 'default':
    case 'd':
      return value === undefined || (words[1] === true && !isFilled(value)) ? words[0] : value;
    case 'join':
      return Array.isArray(value)
        ? value.map((item) => displayText(item)).join(words[0] === undefined ? '' : displayText(words[0]))
        : value;
    case 'trim':
      return text().trim();
    case 'upper':
      return text().toUpperCase();
    case 'lower':
      return text().toLowerCase();
    case 'replace':
      return words[0] === undefined || words[0] === '' ? value : text().split(displayText(words[0])).join(displayText(words[1]));
    case 'length':
      return lengthOf(value);
    case 'first':
      return Array.isArray(value) || typeof value === 'string' ? value[0] : undefined;
    case 'last':
      return Array.isArray(value) || typeof value === 'string' ? value.at(-1) : undefined;
    default:
      return value;
  }
}

/** Returns a value as the text that replaces its placeholder: text as it is, objects and lists as JSON, nothing for null. */
export function displayText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Returns whether a condition holds: an empty list is false, as in Jinja. */
export function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Parses JSON text; anything else stays as it is. */
function load(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function indentOf(word: unknown): number {
  return typeof word === 'number' ? Math.min(Math.max(Math.trunc(word), 0), 8) : 0;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
