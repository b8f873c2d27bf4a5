import { asArray, asCount, asObject, type WireObject } from '../wire/wire-value.ts';

/** A choice, and its place in the list that it stood in. */
export interface PickedChoice {
  choice: WireObject;
  at: number;
}

/**
 * Picks the one answer among the choices of a reply. orx asks for one; a server that sends several has its first one shown, and pieces of the
 * others are counted, never mixed in. The first index that comes is followed, whichever it is.
 */
export class ChoiceFilter {
  #followed: number | undefined;
  readonly #seen = new Set<number>();
  #whole = 0;

  /** How many answers the server sent so far. */
  get count(): number {
    return Math.max(this.#seen.size, this.#whole);
  }

  /** Returns the choices of a chunk, or of a whole reply, that belong to the answer. */
  pick(choices: unknown): readonly PickedChoice[] {
    const indexed = asArray(choices).flatMap((item, at) => {
      const choice = asObject(item);
      return choice === undefined ? [] : [{ choice, at, index: this.#indexOf(choice, at) }];
    });
    for (const { index } of indexed) this.#seen.add(index);
    this.#followed ??= indexed.length === 0 ? undefined : Math.min(...indexed.map(({ index }) => index));
    const own = indexed.filter(({ index }) => index === this.#followed);
    // Pieces of one answer may share a chunk; whole messages are answers each.
    if (asObject(own[0]?.choice['message']) === undefined) return own;
    this.#whole = indexed.length;
    return own.slice(0, 1);
  }

  /** Some servers leave the index out: a single choice is the answer, of several each is one. */
  #indexOf(choice: WireObject, place: number): number {
    return asCount(choice['index']) ?? (place === 0 ? (this.#followed ?? 0) : place);
  }
}
