import { randomUUID } from 'node:crypto';
import type { CompletionEvent } from '../completion.ts';
import { asArray, asObject, asText } from '../wire/wire-value.ts';

/** What an item or an event states about a call. */
export interface CallFacts {
  id?: string | undefined;
  name?: string | undefined;
  /** The complete arguments. */
  arguments?: string | undefined;
}

interface CallItem {
  /** Index among the calls of the answer. Undefined while the call is held back. */
  slot: number | undefined;
  id: string;
  name: string;
  text: string;
  /** Its arguments are free text, so an empty text does not become `{}`. */
  isFreeText: boolean;
  isClosed: boolean;
}

/**
 * OpenAI's models sometimes wrap several calls in one call of a tool that the request does not offer, which they know from
 * training.
 */
const WRAPPERS: ReadonlySet<string> = new Set(['parallel', 'multi_tool_use.parallel']);

/** The calls of an answer, by item. */
export class CallItems {
  readonly #calls = new Map<string, CallItem>();
  readonly #offered: ReadonlySet<string>;
  #slots = 0;

  constructor(offered: readonly string[] = []) {
    this.#offered = new Set(offered);
  }

  get count(): number {
    return this.#slots;
  }

  open(item: string, { id, name = '' }: CallFacts, isFreeText: boolean): readonly CompletionEvent[] {
    if (this.#calls.has(item)) return [];
    const call: CallItem = { slot: undefined, id: id ?? `call_${randomUUID()}`, name, text: '', isFreeText, isClosed: false };
    this.#calls.set(item, call);
    // Without a name, the called tool is unknown.
    return name === '' || this.#wraps(name) ? [] : this.#show(call);
  }

  add(item: string, text: string, isFreeText = false): readonly CompletionEvent[] {
    const opened = this.open(item, {}, isFreeText);
    const call = this.#calls.get(item)!;
    if (call.isClosed) return opened;
    call.text += text;
    return call.slot === undefined || text === '' ? opened : [...opened, delta(call.slot, text)];
  }

  /** Ends a call with its complete facts: adds what was missing, and ignores what does not match what was already emitted. */
  close(item: string, facts: CallFacts, isFreeText = false): readonly CompletionEvent[] {
    const events = [...this.open(item, facts, isFreeText)];
    const call = this.#calls.get(item)!;
    if (call.isClosed) return events;
    const { arguments: whole = '' } = facts;
    if (whole.startsWith(call.text)) events.push(...this.add(item, whole.slice(call.text.length)));
    if (call.text === '' && !call.isFreeText) events.push(...this.add(item, '{}'));
    call.isClosed = true;
    if (call.slot !== undefined) return events;
    call.name = facts.name ?? call.name;
    call.id = facts.id ?? call.id;
    return [...events, ...(this.#wrapped(call) ?? this.#show(call))];
  }

  /** Ends all calls that are still open. */
  closeAll(): readonly CompletionEvent[] {
    return [...this.#calls.keys()].flatMap((item) => this.close(item, {}));
  }

  #show(call: CallItem): readonly CompletionEvent[] {
    call.slot = this.#slots;
    this.#slots += 1;
    return [{ type: 'tool-call-delta', index: call.slot, id: call.id, name: call.name, arguments: call.text }];
  }

  #wraps(name: string): boolean {
    return WRAPPERS.has(name) && !this.#offered.has(name);
  }

  /** Returns the calls in a wrapper, if all of them call offered tools. */
  #wrapped(call: CallItem): readonly CompletionEvent[] | undefined {
    if (!this.#wraps(call.name)) return undefined;
    const uses = asArray(parsed(call.text)?.['tool_uses']).map((item) => {
      const use = asObject(item);
      const name = asText(use?.['recipient_name'])?.replace(/^functions\./, '');
      return { name, parameters: asObject(use?.['parameters']) ?? {} };
    });
    if (uses.length === 0 || uses.some(({ name }) => name === undefined || !this.#offered.has(name))) return undefined;
    return uses.flatMap(({ name, parameters }, index) =>
      this.#show({ ...call, id: `${call.id}_${index}`, name: name!, text: JSON.stringify(parameters) }),
    );
  }
}

function delta(index: number, text: string): CompletionEvent {
  return { type: 'tool-call-delta', index, arguments: text };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
