import { exactJson } from '../../text/exact-json.ts';
import type { CompletionEvent } from '../completion.ts';
import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { PartialArguments } from './partial-arguments.ts';

/**
 * The function calls of an answer. Most arrive complete. When arguments are streamed, a piece with a name begins a call, the next
 * pieces contain parts of the arguments, and the last piece, which may be missing, states that nothing follows.
 */
export class FunctionCalls {
  count = 0;
  /** A piece could not be interpreted. */
  isBroken = false;
  #open: { index: number; arguments: PartialArguments } | undefined;
  #lastId: string | undefined;
  readonly #newId: (index: number) => string;

  /** `newId` creates the id of a call without one. */
  constructor(newId: (index: number) => string) {
    this.#newId = newId;
  }

  /** The id of the last piece's call. */
  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** Adds the events of one `functionCall` to `events`. Numbers in `call` must be exact. */
  add(call: WireObject, events: CompletionEvent[]): void {
    const name = asText(call['name']);
    const willContinue = call['willContinue'] === true;
    const given = asObject(call['args']);
    const pieces = asArray(call['partialArgs']);
    if (name !== undefined) {
      this.close(events);
      const index = this.count;
      this.count += 1;
      const id = asText(call['id']) ?? this.#newId(index);
      this.#lastId = id;
      const isWhole = !willContinue && pieces.length === 0;
      events.push({ type: 'tool-call-delta', index, id, name, arguments: isWhole ? exactJson(given ?? {}) : '' });
      if (isWhole) return;
      this.#open = { index, arguments: new PartialArguments(given) };
    }
    for (const piece of pieces) if (this.#open?.arguments.add(piece) !== true) this.isBroken = true;
    if (!willContinue) this.close(events);
  }

  /** Ends the open call: emits all its arguments at once. */
  close(events: CompletionEvent[]): void {
    if (this.#open === undefined) return;
    events.push({ type: 'tool-call-delta', index: this.#open.index, arguments: this.#open.arguments.text() });
    this.#open = undefined;
  }
}
