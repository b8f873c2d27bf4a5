import { graphemes } from '../../core/graphemes.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { graphemeWidth, textWidth } from '../text/width.ts';

const CUT = '…';
/** The minimum length of a name's end after a cut; a shorter one says nothing. */
const LEAST_END = 2;

/**
 * Where a cell's text is cut in a narrow column. `end`: at its end. `name`: in the middle of an identifier. `model`: a model id
 * first loses its author.
 */
export type CutPlace = 'end' | 'name' | 'model';

/**
 * Returns the names cut to the width, in the same order. Names that are too wide lose what matters least: the author of a model
 * id, then the middle, because names of one family differ at their ends (`-4.6`, `:free`). Different names stay distinct if the
 * width allows it.
 */
export function cutNames(names: readonly string[], width: number, place: Exclude<CutPlace, 'end'>): string[] {
  if (names.every((name) => textWidth(name) <= width)) return [...names];
  const first = names.map((name) => (textWidth(name) <= width ? name : cutOne(name, width, place)));
  const sharing = new Map<string, Set<string>>();
  for (const [index, cut] of first.entries()) sharing.set(cut, (sharing.get(cut) ?? new Set()).add(names[index]!));
  return first.map((cut, index) => {
    const namesakes = [...sharing.get(cut)!];
    return namesakes.length === 1 || cut === names[index] ? cut : tellApart(names[index]!, namesakes, width);
  });
}

function cutOne(name: string, width: number, place: Exclude<CutPlace, 'end'>): string {
  const shorter = place === 'model' ? nameWithoutAuthor(name) : name;
  return textWidth(shorter) <= width ? shorter : cutMiddle(shorter, width, Math.ceil((width - 1) / 2));
}

/** Returns the first `head` columns of a name, `…`, and as much of its end as fits. */
function cutMiddle(name: string, width: number, head: number): string {
  const pieces = [...graphemes(name)].map(({ segment }) => segment);
  let before = '';
  let used = 1;
  let from = 0;
  for (; from < pieces.length; from += 1) {
    const wide = graphemeWidth(pieces[from]!);
    if (used + wide > Math.min(width, head + 1)) break;
    before += pieces[from]!;
    used += wide;
  }
  let after = '';
  for (let end = pieces.length - 1; end >= from; end -= 1) {
    const wide = graphemeWidth(pieces[end]!);
    if (used + wide > width) break;
    after = pieces[end]! + after;
    used += wide;
  }
  return before + CUT + after;
}

/**
 * Returns a name cut so that it differs from the other names. If no cut in the middle achieves this, the beginning that they
 * share is removed.
 */
function tellApart(name: string, namesakes: readonly string[], width: number): string {
  const others = namesakes.filter((other) => other !== name);
  const cutAt = (text: string, head: number): string => (textWidth(text) <= width ? text : cutMiddle(text, width, head));
  const heads = Array.from({ length: Math.max(0, width - LEAST_END) }, (_, index) => index + 1);
  // Prefer cuts near the middle.
  const ordered = heads.toSorted((one, other) => Math.abs(one - width / 2) - Math.abs(other - width / 2));
  const head = ordered.find((size) => others.every((other) => cutAt(other, size) !== cutAt(name, size)));
  if (head !== undefined) return cutMiddle(name, width, head);
  const letters = [...name];
  const shared = others.map((other) => sharedLength(letters, [...other])).reduce((least, length) => Math.min(least, length));
  const rest = letters.slice(Math.max(0, shared - 1)).join('');
  return cutMiddle(CUT + rest, width, width - 1 - LEAST_END);
}

function sharedLength(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((letter, index) => letter !== other[index]);
  return differs === -1 ? one.length : differs;
}
