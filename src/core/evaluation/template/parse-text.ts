import { parseExpression, type TemplateExpression } from './expression.ts';

/** A piece of a text template. */
export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'output'; expression: TemplateExpression; source: string; written: string }
  | {
      kind: 'for';
      names: readonly string[];
      of: TemplateExpression;
      body: readonly TemplateNode[];
      otherwise: readonly TemplateNode[];
    }
  | { kind: 'if'; branches: readonly { condition: TemplateExpression | undefined; body: readonly TemplateNode[] }[] }
  | { kind: 'set'; name: string; value: TemplateExpression };

const OPENING = /\{[{%#]/g;
const END_OF_RAW = /\{%-?\s*endraw\s*-?%\}/g;
/** Text, tags and outputs longer than this are no template syntax; it also bounds the search for an end. */
const LONGEST_TAG = 4000;
const DEEPEST = 50;

interface Tag {
  kind: 'tag';
  word: string;
  rest: string;
}
type Flat = Tag | Extract<TemplateNode, { kind: 'text' | 'output' }>;

/**
 * Returns the pieces of a template, or undefined if the text is not a template: it has no placeholder, or its tags do not match. Braces
 * around something that is not an expression (JSON, LaTeX, a regular expression) stay text.
 */
export function parseTextTemplate(text: string): readonly TemplateNode[] | undefined {
  if (!text.includes('{{') && !text.includes('{%') && !text.includes('{#')) return undefined;
  const flat = flatten(text);
  if (flat.length === 1 && flat[0]?.kind === 'text' && flat[0].text === text) return undefined;
  const reader = new Reader(flat);
  const nodes = reader.block([], 0);
  return nodes === undefined || !reader.isAtEnd() ? undefined : nodes;
}

function flatten(text: string): Flat[] {
  const flat: Flat[] = [];
  let at = 0;
  let trimsNext = false;
  const addText = (piece: string, trimsEnd: boolean): void => {
    const start = trimsNext ? piece.trimStart() : piece;
    const whole = trimsEnd ? start.trimEnd() : start;
    const last = flat.at(-1);
    if (last?.kind === 'text') last.text += whole;
    else if (whole !== '') flat.push({ kind: 'text', text: whole });
  };
  const closes = new Closes(text);
  for (let opening = nextOpening(text, at); opening !== undefined; opening = nextOpening(text, opening.next)) {
    const { start, sign } = opening;
    const close = closes.after(sign === '{' ? '}}' : `${sign}}`, start + 2);
    if (close === -1 || (sign !== '#' && close - start > LONGEST_TAG)) continue;
    const trimsBefore = text[start + 2] === '-';
    const trimsAfter = text[close - 1] === '-' && close - 1 > start + 2;
    const inner = text.slice(start + (trimsBefore ? 3 : 2), trimsAfter ? close - 1 : close).trim();
    const written = text.slice(start, close + 2);
    const node = sign === '#' ? undefined : nodeOf(inner, sign === '%', written);
    if (sign !== '#' && node === undefined) continue;
    addText(text.slice(at, start), trimsBefore);
    at = close + 2;
    trimsNext = trimsAfter;
    if (node?.kind === 'tag' && node.word === 'raw') {
      END_OF_RAW.lastIndex = at;
      const end = END_OF_RAW.exec(text);
      addText(text.slice(at, end?.index ?? text.length), false);
      at = end === null ? text.length : END_OF_RAW.lastIndex;
      trimsNext = end?.[0].endsWith('-%}') === true;
    } else if (node !== undefined) flat.push(node);
    opening.next = at;
  }
  addText(text.slice(at), false);
  return flat;
}

/** Finds the ends of tags. Each is searched once, so that text full of openings takes linear time. */
class Closes {
  readonly #text: string;
  readonly #next = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the first position of `close` at or after `from`, or -1. `from` must not decrease. */
  after(close: string, from: number): number {
    const last = this.#next.get(close);
    if (last !== undefined && (last === -1 || last >= from)) return last;
    const found = this.#text.indexOf(close, from);
    this.#next.set(close, found);
    return found;
  }
}

function nextOpening(text: string, from: number): { start: number; sign: string; next: number } | undefined {
  OPENING.lastIndex = from;
  const found = OPENING.exec(text);
  return found === null ? undefined : { start: found.index, sign: found[0][1]!, next: found.index + 1 };
}

function nodeOf(inner: string, isTag: boolean, written: string): Flat | undefined {
  if (isTag) {
    const [, word, rest = ''] = /^(\w+)([\s\S]*)$/.exec(inner) ?? [];
    return word === undefined ? undefined : { kind: 'tag', word, rest: rest.trim() };
  }
  const expression = parseExpression(inner);
  // A literal alone is data in braces: {{"name"}}.
  return expression === undefined || expression.kind === 'literal'
    ? undefined
    : { kind: 'output', expression, source: inner, written };
}

class Reader {
  #at = 0;
  readonly #flat: readonly Flat[];

  constructor(flat: readonly Flat[]) {
    this.#flat = flat;
  }

  isAtEnd(): boolean {
    return this.#at === this.#flat.length;
  }

  /** Reads until one of the words `ends`, which stays unread. Undefined: tags that do not fit. */
  block(ends: readonly string[], depth: number): TemplateNode[] | undefined {
    if (depth > DEEPEST) return undefined;
    const nodes: TemplateNode[] = [];
    for (let piece = this.#flat[this.#at]; piece !== undefined; piece = this.#flat[this.#at]) {
      if (piece.kind === 'tag' && ends.includes(piece.word)) return nodes;
      this.#at += 1;
      const node = piece.kind === 'tag' ? this.#tag(piece, depth) : piece;
      if (node === undefined) return undefined;
      nodes.push(node);
    }
    return ends.length === 0 ? nodes : undefined;
  }

  #tag({ word, rest }: Tag, depth: number): TemplateNode | undefined {
    if (word === 'for') return this.#loop(rest, depth);
    if (word === 'if') return this.#condition(rest, depth);
    const [, name, value] = (word === 'set' && /^([A-Za-z_]\w*)\s*=(?!=)([\s\S]+)$/.exec(rest)) || [];
    const expression = value === undefined ? undefined : parseExpression(value);
    return name === undefined || expression === undefined ? undefined : { kind: 'set', name, value: expression };
  }

  #loop(rest: string, depth: number): TemplateNode | undefined {
    const [, list, source] = /^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)?)\s+in\s+([\s\S]+)$/.exec(rest) ?? [];
    const of = source === undefined ? undefined : parseExpression(source);
    const body = of === undefined ? undefined : this.block(['else', 'endfor'], depth + 1);
    if (list === undefined || of === undefined || body === undefined) return undefined;
    const hasElse = this.#word() === 'else';
    if (hasElse) this.#at += 1;
    const otherwise = hasElse ? this.block(['endfor'], depth + 1) : [];
    if (otherwise === undefined) return undefined;
    this.#at += 1;
    return { kind: 'for', names: list.split(',').map((name) => name.trim()), of, body, otherwise };
  }

  #condition(rest: string, depth: number): TemplateNode | undefined {
    const branches: { condition: TemplateExpression | undefined; body: readonly TemplateNode[] }[] = [];
    let condition = parseExpression(rest);
    if (condition === undefined) return undefined;
    for (;;) {
      const body = this.block(condition === undefined ? ['endif'] : ['elif', 'elseif', 'else', 'endif'], depth + 1);
      if (body === undefined) return undefined;
      branches.push({ condition, body });
      const tag = this.#flat[this.#at] as Tag;
      this.#at += 1;
      if (tag.word === 'endif') return { kind: 'if', branches };
      condition = tag.word === 'else' ? undefined : parseExpression(tag.rest);
      if (condition === undefined && tag.word !== 'else') return undefined;
    }
  }

  #word(): string | undefined {
    const piece = this.#flat[this.#at];
    return piece?.kind === 'tag' ? piece.word : undefined;
  }
}
