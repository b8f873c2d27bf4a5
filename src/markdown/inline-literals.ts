import type { MarkdownMeaning } from './block.ts';

/** A part of a text in which no markup is interpreted. */
export interface Literal {
  /** The text to show. */
  text: string;
  /** The text with marks that show its meaning. */
  marked?: string;
  /** Length in the source. */
  length: number;
  meanings: MarkdownMeaning[];
  /** The target of an autolink in angle brackets. */
  address?: string;
  /** The end has not been found (yet). */
  isOpen?: boolean;
}

const ESCAPED = /\\[!-/:-@[-`{-~]/y;
const BACKTICKS = /`+/y;
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>/iy;
const TAG = /<(?:\/?[a-z][^<>]*|!--[^<>]*--)>/iy;
const ENTITY = /&(?:amp|lt|gt|quot|apos|#39|nbsp);/y;
const MATH = /\$\$[^$]+\$\$|\$(?![\s$])[^$\n]*[^\s$\\]\$(?!\d)/y;
const ADDRESS =
  /\([ \n]*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*))(?:[ \n]+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?[ \n]*\)/y;
/** Other entities are shown as written: their characters could control the terminal. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&nbsp;': '\u00a0',
};

/**
 * Returns the literal at this position: an escaped character, code, mathematics, an autolink, a tag or an entity. `missed` stores
 * which ends were not found, so that none is searched for twice.
 */
export function readLiteral(source: string, at: number, missed: Set<string>): Literal | undefined {
  switch (source[at]) {
    case '\\':
      return readBackslash(source, at, missed);
    case '`': {
      const fence = find(BACKTICKS, source, at)!;
      const end = endOfCode(source, at + fence.length, fence, missed);
      if (end === undefined) return { text: fence, length: fence.length, meanings: [], isOpen: true };
      const inner = source.slice(at + fence.length, end);
      const isPadded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
      const length = end + fence.length - at;
      return { text: isPadded ? inner.slice(1, -1) : inner, marked: source.slice(at, at + length), length, meanings: ['code'] };
    }
    case '$': {
      const math = find(MATH, source, at);
      return math === undefined ? undefined : { text: math, length: math.length, meanings: ['code'] };
    }
    case '<': {
      const link = find(AUTOLINK, source, at);
      if (link !== undefined) {
        const text = link.slice(1, -1);
        const address = /^[\w.+-]+@/.test(text) ? `mailto:${text}` : text;
        return { text, length: link.length, meanings: ['link'], address };
      }
      const tag = find(TAG, source, at);
      if (tag !== undefined) return { text: tag, length: tag.length, meanings: ['dim'] };
      return { text: '<', length: 1, meanings: [], isOpen: /^[a-z/!]/i.test(source.slice(at + 1)) && !source.includes('>', at) };
    }
    case '&': {
      const entity = find(ENTITY, source, at);
      return entity === undefined ? undefined : { text: ENTITIES[entity]!, length: entity.length, meanings: [] };
    }
    default:
      return undefined;
  }
}

/** Returns the `(address "title")` part of a link without its parentheses, and the address. */
export function readAddress(source: string, at: number): { text: string; address: string; length: number } | undefined {
  ADDRESS.lastIndex = at;
  const match = ADDRESS.exec(source);
  if (match === null) return undefined;
  const [all, quoted, bare, title] = match;
  const address = quoted ?? bare ?? '';
  return { text: [address, title].filter(Boolean).join(' '), address, length: all.length };
}

function readBackslash(source: string, at: number, missed: Set<string>): Literal | undefined {
  const next = source[at + 1];
  if (next === '\n') return { text: '', length: 1, meanings: [] };
  if (next === '(' || next === '[') {
    const end = `\\${next === '(' ? ')' : ']'}`;
    const to = missed.has(end) ? -1 : source.indexOf(end, at + 2);
    if (to !== -1) return { text: source.slice(at, to + 2), length: to + 2 - at, meanings: ['code'] };
    missed.add(end);
    // Keep the backslash: whether it begins mathematics may only become known later.
    return { text: `\\${next}`, length: 2, meanings: [], isOpen: true };
  }
  const escaped = find(ESCAPED, source, at);
  return escaped === undefined ? undefined : { text: escaped.slice(1), length: 2, meanings: [] };
}

/** Returns the index of the next equal run of backticks. */
function endOfCode(source: string, from: number, fence: string, missed: Set<string>): number | undefined {
  if (missed.has(fence)) return undefined;
  BACKTICKS.lastIndex = from;
  for (let at = source.indexOf('`', from); at !== -1; at = source.indexOf('`', at)) {
    const run = find(BACKTICKS, source, at)!;
    if (run.length === fence.length) return at;
    at += run.length;
  }
  missed.add(fence);
  return undefined;
}

function find(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
