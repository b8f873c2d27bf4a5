import { asArray, asCount, asObject, type WireObject } from '../wire/wire-value.ts';

/** A choice, and its index in the list. */
export interface PickedChoice {
  choice: WireObject;
  at: number;
}

/**
 * Selects the one answer among the choices of a reply. orx requests one; when a server sends several, the first index to arrive
 * is shown, and pieces of the others are counted but never mixed in.
 */
export class ChoiceFilter {
  #followed: number | undefined;
  readonly #seen = new Set<number>();
  #whole = 0;

  /** The number of answers that the server has sent so far. */
  get count(): number {
    return Math.max(this.#seen.size, this.#whole);
  }

  /** Returns the choices of a chunk, or of a whole reply, that belong to the answer. */
  pick(choices: unknown): readonly PickedChoice[] {
    const one = this.#onlyChoice(choices);
    if (one !== undefined) return one;
    const indexed = asArray(choices).flatMap((item, at) => {
      const choice = asObject(item);
      return choice === undefined ? [] : [{ choice, at, index: this.#indexOf(choice, at) }];
    });
    for (const { index } of indexed) this.#seen.add(index);
    this.#followed ??= indexed.length === 0 ? undefined : Math.min(...indexed.map(({ index }) => index));
    const own = indexed.filter(({ index }) => index === this.#followed);
    // Several pieces of one answer may share a chunk, but each complete message is a separate answer.
    if (asObject(own[0]?.choice['message']) === undefined) return own;
    this.#whole = indexed.length;
    return own.slice(0, 1);
  }

  /** Most replies have one choice. */
  #onlyChoice(choices: unknown): readonly PickedChoice[] | undefined {
    if (!Array.isArray(choices) || choices.length !== 1) return undefined;
    const choice = asObject(choices[0]);
    if (choice === undefined) return undefined;
    const index = this.#indexOf(choice, 0);
    this.#seen.add(index);
    this.#followed ??= index;
    if (index !== this.#followed) return [];
    if (asObject(choice['message']) !== undefined) this.#whole = 1;
    return [{ choice, at: 0 }];
  }

  /** Some servers omit the index: a single choice is then the answer, and each of several is a separate answer. */
  #indexOf(choice: WireObject, place: number): number {
    return asCount(choice['index']) ?? (place === 0 ? (this.#followed ?? 0) : place);
  }
}
