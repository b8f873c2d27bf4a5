import type { CompletionEvent } from '../completion.ts';
import { asCount, asObject, asText } from '../wire/wire-value.ts';

interface OpenCall {
  index: number;
  /** Arguments that have not been emitted yet: they may turn out to be `null`. */
  held: string;
  hasEmitted: boolean;
}

const NOTHING = 'null';

/** The tool calls of an answer. For a tool without parameters, the arguments are missing or `null`: both are emitted as `{}`. */
export class CohereCalls {
  count = 0;
  /** By Cohere's index. */
  readonly #open = new Map<number, OpenCall>();

  start(number: unknown, call: unknown, events: CompletionEvent[]): void {
    const key = asCount(number) ?? this.count;
    this.#close(key, events);
    const open: OpenCall = { index: this.count, held: '', hasEmitted: false };
    this.count += 1;
    this.#open.set(key, open);
    const wire = asObject(call);
    const called = asObject(wire?.['function']);
    events.push({
      type: 'tool-call-delta',
      index: open.index,
      id: asText(wire?.['id']),
      name: asText(called?.['name']),
      arguments: '',
    });
    addTo(open, called?.['arguments'], events);
  }

  add(number: unknown, call: unknown, events: CompletionEvent[]): void {
    const open = this.#open.get(asCount(number) ?? this.count - 1);
    if (open !== undefined) addTo(open, asObject(asObject(call)?.['function'])?.['arguments'], events);
  }

  end(number: unknown, events: CompletionEvent[]): void {
    this.#close(asCount(number) ?? this.count - 1, events);
  }

  /** Ends all open calls. */
  endAll(events: CompletionEvent[]): void {
    for (const key of this.#open.keys()) this.#close(key, events);
  }

  #close(key: number, events: CompletionEvent[]): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    if (open.hasEmitted) return;
    const text = open.held.trim();
    events.push({ type: 'tool-call-delta', index: open.index, arguments: text === '' || text === NOTHING ? '{}' : open.held });
  }
}

function addTo(open: OpenCall, piece: unknown, events: CompletionEvent[]): void {
  const text = asText(piece);
  if (text === undefined) return;
  if (!open.hasEmitted && NOTHING.startsWith((open.held + text).trim())) {
    open.held += text;
    return;
  }
  events.push({ type: 'tool-call-delta', index: open.index, arguments: open.held + text });
  open.held = '';
  open.hasEmitted = true;
}
