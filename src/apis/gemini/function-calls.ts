import { exactJson } from '../../text/exact-json.ts';
import type { CompletionEvent } from '../completion.ts';
import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { PartialArguments } from './partial-arguments.ts';

/**
 * The calls of an answer. Most come whole. Where arguments are streamed, a piece with a name begins a call, the pieces behind it have parts of
 * its arguments, and the last one says that nothing follows; that one may be missing.
 */
export class FunctionCalls {
  count = 0;
  /** A piece could not be understood. */
  isBroken = false;
  #open: { index: number; arguments: PartialArguments } | undefined;
  #lastId: string | undefined;
  readonly #newId: (index: number) => string;

  /** `newId` makes the id of a call that has none. */
  constructor(newId: (index: number) => string) {
    this.#newId = newId;
  }

  /** The id of the call that the last piece belongs to. */
  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** Adds the events of one `functionCall` to `events`. Its numbers have to be exact. */
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

  /** Ends the call that is open: its arguments are told as a whole. */
  close(events: CompletionEvent[]): void {
    if (this.#open === undefined) return;
    events.push({ type: 'tool-call-delta', index: this.#open.index, arguments: this.#open.arguments.text() });
    this.#open = undefined;
  }
}
