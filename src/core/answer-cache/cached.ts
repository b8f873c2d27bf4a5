import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import { requestKey } from './request-key.ts';

/** A whole answer, as it is kept. */
export interface KeptAnswer {
  /** When it was given, in milliseconds since 1970. */
  at: number;
  events: readonly CompletionEvent[];
}

/** Where answers are kept for as long as they may be used again. Both never reject: what cannot be read or kept is asked for again. */
export interface AnswerStore {
  get: (key: string) => Promise<KeptAnswer | undefined>;
  set: (key: string, answer: KeptAnswer) => Promise<void>;
}

export interface AnswerCacheOptions {
  store: AnswerStore;
  now: () => number;
}

/** How an answer ended that can be used again: it was whole. What a filter has stopped may pass the next time. */
const WHOLE: ReadonlySet<string | undefined> = new Set(['stop', 'length', 'tool_calls', undefined]);
/** A longer answer is not kept, in characters of its pieces. */
const LONGEST = 8 * 1024 * 1024;

/**
 * The same stream, with answers to requests that were asked before: a `cached` event, then the events of the answer, whether it was streamed or
 * not. A kept answer costs nothing and is asked of nobody. Failures and broken answers are never kept. Each caller has answers of its own.
 */
export function cached(stream: StreamCompletion, { store, now }: AnswerCacheOptions): StreamCompletion {
  return async function* cachedStream(request, options) {
    const { reads = true, keeps = true } = options?.cache ?? {};
    if (!reads && !keeps) return yield* stream(request, options);
    const key = requestKey(request, options?.caller?.key);
    const match = reads ? await store.get(key) : undefined;
    if (match !== undefined) {
      yield { type: 'cached', ageMs: Math.max(0, now() - match.at) };
      return yield* match.events;
    }
    const keeper = new AnswerKeeper();
    for await (const event of stream(request, options)) {
      keeper.see(event);
      yield event;
    }
    const events = keeper.events();
    if (keeps && events !== undefined) await store.set(key, { at: now(), events });
  };
}

/** Gathers what is kept of an answer. */
class AnswerKeeper {
  #events: CompletionEvent[] = [];
  #size = 0;
  #isWhole = false;

  see(event: CompletionEvent): void {
    switch (event.type) {
      // Chunks are those of one API, and say what the answer cost then.
      case 'chunk':
      case 'heartbeat':
      case 'retry':
      case 'fallback':
      case 'routing':
      case 'metrics':
      case 'cached':
        return;
      case 'usage':
        this.#keep({
          type: 'usage',
          usage: { ...event.usage, cost: '0', upstreamCost: undefined, isComputed: undefined, wire: {} },
        });
        return;
      case 'response-end':
        this.#isWhole = WHOLE.has(event.finishReason);
        this.#keep(event);
        return;
      default:
        this.#keep(event);
    }
  }

  /** Undefined for an answer that is not kept. */
  events(): readonly CompletionEvent[] | undefined {
    return this.#isWhole && this.#size <= LONGEST ? this.#events : undefined;
  }

  #keep(event: CompletionEvent): void {
    this.#size += sizeOf(event);
    if (this.#size <= LONGEST) this.#events.push(event);
    // What is too long is not held in memory meanwhile.
    else this.#events = [];
  }
}

function sizeOf(event: CompletionEvent): number {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text.length;
    case 'tool-call-delta':
      return event.arguments.length;
    case 'image':
      return event.url.length;
    case 'audio':
      return event.data.length;
    case 'reasoning-parts':
      return event.parts.reduce((sum, { text = '', encrypted = '' }) => sum + text.length + encrypted.length, 0);
    default:
      return 100;
  }
}
