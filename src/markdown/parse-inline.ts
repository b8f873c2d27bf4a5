import { type MarkdownMeaning, type MarkdownText, NO_MEANING } from './block.ts';
import { delimiterOf, type InlineNode, pairDelimiters } from './delimiters.ts';
import { readAddress, readLiteral } from './inline-literals.ts';

export interface InlineOptions {
  /** The characters before and after the text; empty at the edges of a paragraph. */
  before?: string;
  after?: string;
  /** Keeps the marks of code and struck text, for renderers that cannot show these in another way. */
  keepsMarks?: boolean;
}

export interface Inline {
  pieces: MarkdownText[];
  /** The text that would close all open markup. */
  closers: string;
}

interface Node extends InlineNode {
  meanings: MarkdownMeaning[];
  /** A `[` that may begin a link, or `![` an image. */
  bracket?: boolean;
  address?: string;
  isAddress?: boolean;
}

/** What may be markup. */
const MARKUP = /[\\`*_~[\]!<&$]|https?:\/\//;
const PLAIN = /[^\\`*_~[\]!<&$]+/y;
/** A bare URL, without the punctuation of the sentence after it. */
const ADDRESS_START = /\bhttps?:\/\//;
const URL = /https?:\/\/[^\s<>`[\]\u3000-\u9fff\uff00-\uffef]+/y;
const URL_END = /[.,:;!?'"*_~)]+$/;
const LAST_SPACE = /^[\s\S]*\s/;
const lastIdeograph = (): RegExp => /^[\s\S]+(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])/u;
const RUN = /\*+|_+|~+/y;

/**
 * Parses emphasis, code, links, images and mathematics. Everything else, HTML included, stays as written. Expects visible text of
 * at most a few thousand characters: callers split longer texts.
 */
export function parseInline(source: string, options: InlineOptions = {}): Inline {
  if (!MARKUP.test(source)) {
    return { pieces: source === '' ? [] : [{ text: source, meanings: NO_MEANING }], closers: '' };
  }
  const { nodes, openers, openCode } = readNodes(source, options);
  const closers =
    openCode +
    openers
      .map(({ text }) => text.slice(0, 2))
      .toReversed()
      .join('');
  const pieces: MarkdownText[] = [];
  for (const node of nodes) if (node.text !== '') pieces.push(pieceOf(node, options.keepsMarks === true));
  return { pieces, closers };
}

/** Returns an index in the source, between two words: the text before it is final, whatever follows. */
export function settledLength(source: string, options: InlineOptions): number {
  if (!MARKUP.test(source)) return edgeIn(source);
  const { nodes, openers, brackets, settled } = readNodes(source, options);
  const open = [...openers, ...brackets.map((index) => nodes[index]!)];
  return lastEdge(
    nodes,
    source,
    open.reduce((least, { at }) => Math.min(least, at), settled),
  );
}

interface Nodes {
  nodes: Node[];
  /** Runs that may still open something, and indexes of brackets that may. */
  openers: InlineNode[];
  brackets: readonly number[];
  /** The backticks of code that is not closed. */
  openCode: string;
  /** Index of the first literal that is not closed, or the end. */
  settled: number;
}

function readNodes(source: string, options: InlineOptions): Nodes {
  const nodes: Node[] = [];
  let brackets: number[] = [];
  let settled = source.length;
  let openCode = '';
  const missed = new Set<string>();
  const add = (text: string, at: number, meanings: MarkdownMeaning[] = [], address?: string): void => {
    const node: Node = { text, at, meanings, marks: [] };
    if (address !== undefined) node.address = address;
    nodes.push(node);
  };
  for (let at = 0; at < source.length;) {
    const character = source[at]!;
    const plain = match(PLAIN, source, at);
    if (plain !== undefined) {
      const address = plain.search(ADDRESS_START);
      const url = address === 0 ? match(URL, source, at)?.replace(URL_END, '') : undefined;
      const text = url ?? (address > 0 ? plain.slice(0, address) : plain);
      add(text, at, url === undefined ? [] : ['link'], url);
      at += text.length;
      continue;
    }
    const literal = readLiteral(source, at, missed);
    if (literal !== undefined) {
      if (literal.isOpen === true) {
        settled = Math.min(settled, at);
        if (character === '`' && openCode === '') openCode = literal.text;
      }
      const keepsMarks = literal.marked !== undefined && options.keepsMarks === true;
      add(keepsMarks ? literal.marked! : literal.text, at, literal.meanings, literal.address);
      at += literal.length;
      continue;
    }
    const run = match(RUN, source, at);
    if (run !== undefined) {
      const end = at + run.length;
      const before = at === 0 ? (options.before ?? '') : characterBefore(source, at);
      const after = end === source.length ? (options.after ?? '') : String.fromCodePoint(source.codePointAt(end)!);
      nodes.push({ text: run, at, meanings: [], marks: [], delimiter: delimiterOf(character, before, after) });
      at = end;
    } else if (character === '[' || source.startsWith('![', at)) {
      brackets.push(nodes.length);
      const text = character === '[' ? '[' : '![';
      nodes.push({ text, at, meanings: [], marks: [], bracket: true });
      at += text.length;
    } else if (character === ']' && brackets.length > 0) {
      const from = brackets.pop()!;
      const address = readAddress(source, at + 1);
      if (address === undefined) add(']', at);
      else {
        closeLink(nodes, from, address, at);
        // A link cannot contain a link.
        if (nodes[from]!.text === '') brackets = [];
      }
      at += 1 + (address?.length ?? 0);
    } else {
      add(character, at);
      at += 1;
    }
  }
  return { nodes, openers: pairDelimiters(nodes), brackets, openCode, settled };
}

/** Returns the last position up to `limit` where plain text can be split, or 0. */
function lastEdge(nodes: readonly Node[], source: string, limit: number): number {
  for (const { at, text, meanings, marks, delimiter } of nodes.toReversed()) {
    if (at >= limit || meanings.length > 0 || marks.length > 0 || delimiter !== undefined) continue;
    const part = source.slice(at, Math.min(limit, at + text.length));
    const edge = edgeIn(part);
    if (edge > 0) return at + edge;
  }
  return 0;
}

/** Returns the last index where a word or an ideograph begins, or 0. */
export function edgeIn(text: string): number {
  return (LAST_SPACE.exec(text) ?? lastIdeograph().exec(text))?.[0].length ?? 0;
}

function closeLink(nodes: Node[], from: number, { text: shown, address }: { text: string; address: string }, at: number): void {
  const opener = nodes[from]!;
  const inside = nodes.slice(from + 1);
  pairDelimiters(inside);
  for (const node of inside) {
    node.meanings.push('link');
    node.address = address;
    node.delimiter = undefined;
  }
  const text = inside.map((node) => node.text).join('');
  opener.text = opener.text === '![' ? '▣ ' : '';
  if (opener.text !== '') opener.meanings.push('dim');
  if (shown === '' || shown === text || shown === `mailto:${text}`) return;
  const told = text === '' ? { text: `(${shown})`, address } : { text: ` (${shown})`, isAddress: true };
  nodes.push({ ...told, at, meanings: ['dim'], marks: [] });
}

function pieceOf({ text, marks, meanings, address, isAddress }: Node, keepsMarks: boolean): MarkdownText {
  const isPlain = marks.length + meanings.length === 0;
  const piece: MarkdownText = {
    text: keepsMarks && marks.includes('strike') ? `~~${text}~~` : text,
    meanings: isPlain ? NO_MEANING : [...marks, ...meanings],
  };
  if (address !== undefined) piece.address = address;
  if (isAddress === true) piece.isAddress = true;
  return piece;
}

function characterBefore(source: string, at: number): string {
  const low = source.charAt(at - 1);
  return /[\udc00-\udfff]/.test(low) && at > 1 ? source.slice(at - 2, at) : low;
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
