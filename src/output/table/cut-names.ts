import { graphemes } from '../../core/graphemes.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { graphemeWidth, textWidth } from '../text/width.ts';

const CUT = '…';
/** A beginning that is shorter says nothing. */
const LEAST_END = 2;

/**
 * How the text of a cell gives way to a narrow column: `end` loses its end; `name` is an identifier, and loses its middle; `model` is a
 * model id, and loses its author first.
 */
export type CutPlace = 'end' | 'name' | 'model';

/**
 * Names that fit the width, in the same order. Those that are too wide are cut where it costs the least: the author of a model id, then the
 * middle, because names of one family differ at their ends (`-4.6`, `:free`). Different names stay different wherever the width allows that.
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

/** The beginning of a name, as wide as `head`, and as much of its end as there is room for. */
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

/** The cut at which a name differs from all that would read the same; at the end, if there is none. */
function tellApart(name: string, namesakes: readonly string[], width: number): string {
  const others = namesakes.filter((other) => other !== name);
  const cutAt = (text: string, head: number): string => (textWidth(text) <= width ? text : cutMiddle(text, width, head));
  const heads = Array.from({ length: Math.max(0, width - LEAST_END) }, (_, index) => index + 1);
  // As near to the middle as possible.
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
