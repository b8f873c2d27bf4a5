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
  /** Never changed: most nodes share an empty list. */
  meanings: readonly MarkdownMeaning[];
  address: string | undefined;
  isAddress: boolean;
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
const LINK: readonly MarkdownMeaning[] = ['link'];
const DIM: readonly MarkdownMeaning[] = ['dim'];

/**
 * Parses emphasis, code, links, images and mathematics. Everything else, HTML included, stays as written. Expects visible text of
 * at most a few thousand characters: callers split longer texts.
 */
export function parseInline(source: string, options: InlineOptions): Inline {
  if (!MARKUP.test(source)) {
    return { pieces: source === '' ? [] : [{ text: source, meanings: NO_MEANING }], closers: '' };
  }
  const { nodes, openers, openCode } = readNodes(source, options);
  let closers = '';
  for (const { text } of openers) closers = text.slice(0, 2) + closers;
  const pieces: MarkdownText[] = [];
  for (const node of nodes) if (node.text !== '') pieces.push(pieceOf(node, options.keepsMarks === true));
  return { pieces, closers: openCode + closers };
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
  let hasDelimiters = false;
  const missed = new Set<string>();
  for (let at = 0; at < source.length;) {
    PLAIN.lastIndex = at;
    if (PLAIN.test(source)) {
      const plain = source.slice(at, PLAIN.lastIndex);
      const address = plain.includes('://') ? plain.search(ADDRESS_START) : -1;
      const url = address === 0 ? match(URL, source, at)?.replace(URL_END, '') : undefined;
      const text = url ?? (address > 0 ? plain.slice(0, address) : plain);
      nodes.push(newNode(text, at, url === undefined ? NO_MEANING : LINK, url));
      at += text.length;
      continue;
    }
    const character = source[at]!;
    const literal = readLiteral(source, at, missed);
    if (literal !== undefined) {
      if (literal.isOpen === true) {
        settled = Math.min(settled, at);
        if (character === '`' && openCode === '') openCode = literal.text;
      }
      const keepsMarks = literal.marked !== undefined && options.keepsMarks === true;
      nodes.push(newNode(keepsMarks ? literal.marked! : literal.text, at, literal.meanings, literal.address));
      at += literal.length;
    } else if (character === '*' || character === '_' || character === '~') {
      let end = at + 1;
      while (source[end] === character) end += 1;
      const before = at === 0 ? (options.before ?? '') : characterBefore(source, at);
      const after = end === source.length ? (options.after ?? '') : String.fromCodePoint(source.codePointAt(end)!);
      const run = newNode(source.slice(at, end), at, NO_MEANING, undefined);
      run.delimiter = delimiterOf(character, before, after);
      nodes.push(run);
      hasDelimiters = true;
      at = end;
    } else if (character === '[' || (character === '!' && source[at + 1] === '[')) {
      brackets.push(nodes.length);
      const text = character === '[' ? '[' : '![';
      nodes.push(newNode(text, at, NO_MEANING, undefined));
      at += text.length;
    } else if (character === ']' && brackets.length > 0) {
      const from = brackets.pop()!;
      const address = readAddress(source, at + 1);
      if (address === undefined) nodes.push(newNode(']', at, NO_MEANING, undefined));
      else {
        closeLink(nodes, from, address, at);
        // A link cannot contain a link.
        if (nodes[from]!.text === '') brackets = [];
      }
      at += 1 + (address?.length ?? 0);
    } else {
      nodes.push(newNode(character, at, NO_MEANING, undefined));
      at += 1;
    }
  }
  return { nodes, openers: hasDelimiters ? pairDelimiters(nodes) : [], brackets, openCode, settled };
}

/** All nodes have the same fields, so that the code which reads them stays fast. */
function newNode(text: string, at: number, meanings: readonly MarkdownMeaning[], address: string | undefined): Node {
  return { text, at, delimiter: undefined, marks: NO_MEANING, meanings, address, isAddress: false };
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
  if (inside.some(({ delimiter }) => delimiter !== undefined)) pairDelimiters(inside);
  let text = '';
  for (const node of inside) {
    node.meanings = node.meanings.length === 0 ? LINK : [...node.meanings, 'link'];
    node.address = address;
    node.delimiter = undefined;
    text += node.text;
  }
  opener.text = opener.text === '![' ? '▣ ' : '';
  if (opener.text !== '') opener.meanings = DIM;
  if (shown === '' || shown === text || shown === `mailto:${text}`) return;
  const told = newNode(text === '' ? `(${shown})` : ` (${shown})`, at, DIM, text === '' ? address : undefined);
  told.isAddress = text !== '';
  nodes.push(told);
}

function pieceOf({ text, marks, meanings, address, isAddress }: Node, keepsMarks: boolean): MarkdownText {
  const piece: MarkdownText = {
    text: keepsMarks && marks.includes('strike') ? `~~${text}~~` : text,
    meanings: marks.length === 0 ? meanings : meanings.length === 0 ? marks : [...marks, ...meanings],
  };
  if (address !== undefined) piece.address = address;
  if (isAddress) piece.isAddress = true;
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
