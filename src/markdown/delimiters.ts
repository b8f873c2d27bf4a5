// Classifies and pairs runs of * _ or ~: https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis

type Mark = 'strong' | 'emphasis' | 'strike';

interface Delimiter {
  character: string;
  canOpen: boolean;
  canClose: boolean;
}

/** A piece of inline text: a run of delimiters, or anything else. */
export interface InlineNode {
  text: string;
  /** Its index in the source. */
  at: number;
  delimiter: Delimiter | undefined;
  /** The marks around this node, innermost first. Never changed: most nodes share an empty list. */
  marks: readonly Mark[];
}

const SINGLE: Readonly<Record<Mark, readonly Mark[]>> = { strong: ['strong'], emphasis: ['emphasis'], strike: ['strike'] };
const SPACE = /^\s?$/u;
let punctuation: RegExp | undefined;
/** V8 expands the sets of the expression when it is made, which takes some tenths of a millisecond. */
const isPunctuation = (character: string): boolean => (punctuation ??= /^[\p{P}\p{S}]$/u).test(character);
// Models write 「**重要**」は and **「重要」**は without spaces; by the specification, the second is not emphasis. The "CJK-friendly
// emphasis" amendment treats a neighbor in these scripts like a space.
let cjk: RegExp | undefined;
const isCjk = (character: string): boolean =>
  (cjk ??=
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]$/u).test(
    character,
  );

type Side = 'space' | 'punctuation' | 'ideograph' | 'other';

function sideOf(neighbor: string): Side {
  if (neighbor === '') return 'space';
  const code = neighbor.charCodeAt(0);
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)) return 'other';
  if (code > 0x20 && code < 0x7f) return 'punctuation';
  if (SPACE.test(neighbor)) return 'space';
  if (isPunctuation(neighbor)) return 'punctuation';
  return isCjk(neighbor) ? 'ideograph' : 'other';
}

/** @param before The character before the run, or an empty string at the start. @param after The character after the run. */
export function delimiterOf(character: string, before: string, after: string): Delimiter {
  const [left, right] = [sideOf(before), sideOf(after)];
  const isLeft = right !== 'space' && (right !== 'punctuation' || left !== 'other');
  const isRight = left !== 'space' && (left !== 'punctuation' || right !== 'other');
  if (character !== '_') return { character, canOpen: isLeft, canClose: isRight };
  return {
    character,
    canOpen: isLeft && (!isRight || left === 'punctuation'),
    canClose: isRight && (!isLeft || right === 'punctuation'),
  };
}

/**
 * Pairs the delimiters among these nodes: removes the paired characters from their nodes and marks all nodes between them.
 * Returns the runs that may still open something.
 */
export function pairDelimiters(nodes: InlineNode[]): InlineNode[] {
  const openers: number[] = [];
  /** For each kind of closer, how many openers, from the bottom, are known not to match it. */
  const bottoms = new Map<string, number>();
  for (let index = 0; index < nodes.length; index += 1) {
    const closer = nodes[index]!;
    const { delimiter } = closer;
    if (delimiter === undefined) continue;
    const kind = delimiter.canClose ? `${delimiter.character}${delimiter.canOpen}${closer.text.length % 3}` : '';
    while (delimiter.canClose && closer.text !== '') {
      const bottom = Math.min(bottoms.get(kind) ?? 0, openers.length);
      let depth = openers.length - 1;
      while (depth >= bottom && !fits(nodes[openers[depth]!]!, closer)) depth -= 1;
      if (depth < bottom) {
        bottoms.set(kind, openers.length);
        break;
      }
      const from = openers[depth]!;
      const opener = nodes[from]!;
      const isTilde = delimiter.character === '~';
      const count = isTilde ? closer.text.length : Math.min(2, opener.text.length, closer.text.length);
      const mark = isTilde ? 'strike' : count === 2 ? 'strong' : 'emphasis';
      for (let inside = from + 1; inside < index; inside += 1) addMark(nodes[inside]!, mark);
      opener.text = opener.text.slice(count);
      closer.text = closer.text.slice(count);
      // Openers inside the pair can no longer be closed.
      openers.length = opener.text === '' ? depth : depth + 1;
    }
    if (delimiter.canOpen && closer.text !== '') openers.push(index);
  }
  return openers.map((index) => nodes[index]!);
}

function addMark(node: InlineNode, mark: Mark): void {
  node.marks = node.marks.length === 0 ? SINGLE[mark] : [...node.marks, mark];
}

function fits(opener: InlineNode, closer: InlineNode): boolean {
  const [one, other] = [opener.delimiter!, closer.delimiter!];
  if (one.character !== other.character) return false;
  if (one.character === '~') return opener.text.length === closer.text.length && closer.text.length <= 2;
  const isBoth = one.canClose || other.canOpen;
  return !isBoth || (opener.text.length + closer.text.length) % 3 !== 0 || opener.text.length % 3 === 0;
}
