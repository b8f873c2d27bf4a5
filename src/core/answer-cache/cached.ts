import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import { contentLength } from '../../apis/content-length.ts';
import { requestKey } from './request-key.ts';

/** A complete answer as stored in the cache. */
export interface KeptAnswer {
  /** When the model gave the answer, in milliseconds since 1970. */
  at: number;
  events: readonly CompletionEvent[];
}

/** Stores answers for as long as they may be reused. Neither function rejects: an answer that cannot be read or stored is requested again. */
export interface AnswerStore {
  get: (key: string) => Promise<KeptAnswer | undefined>;
  set: (key: string, answer: KeptAnswer) => Promise<void>;
}

export interface AnswerCacheOptions {
  store: AnswerStore;
  now: () => number;
  /** Whether the tags of a request choose its target, so that requests with other tags have separate answers. Default: false. */
  separatesTags?: boolean | undefined;
}

/** What an event without content takes of the longest answer. */
const OTHER_EVENT = 100;
/** Finish reasons of a complete answer, which can be reused. An answer that a filter stopped may succeed the next time. */
const WHOLE: ReadonlySet<string | undefined> = new Set(['stop', 'length', 'tool_calls', undefined]);
/** Longest answer that is stored, in characters. */
const LONGEST = 8 * 1024 * 1024;

/**
 * Returns the same stream with a cache in front. For a repeated request it yields a `cached` event, then the events of the stored answer,
 * whether it was streamed or not. A stored answer costs nothing and no request is sent. Failed and incomplete answers are never stored. Each
 * caller has separate answers.
 */
export function cached(stream: StreamCompletion, { store, now, separatesTags }: AnswerCacheOptions): StreamCompletion {
  return async function* cachedStream(request, options) {
    const { reads = true, keeps = true } = options?.cache ?? {};
    if (!reads && !keeps) return yield* stream(request, options);
    const tags = separatesTags === true ? options?.caller?.tags : undefined;
    const asked = tags === undefined || tags.length === 0 ? request : { ...request, wishes: { ...request.wishes, tags } };
    const key = requestKey(asked, options?.caller?.key);
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

/** Collects the events of an answer that are stored. */
class AnswerKeeper {
  #events: CompletionEvent[] = [];
  #size = 0;
  #isWhole = false;

  see(event: CompletionEvent): void {
    switch (event.type) {
      // Chunks have the format of one API and contain the original cost.
      case 'chunk':
      case 'heartbeat':
      case 'retry':
      case 'waiting':
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

  /** Returns undefined if the answer must not be stored. */
  events(): readonly CompletionEvent[] | undefined {
    return this.#isWhole && this.#size <= LONGEST ? this.#events : undefined;
  }

  #keep(event: CompletionEvent): void {
    this.#size += contentLength(event) ?? OTHER_EVENT;
    if (this.#size <= LONGEST) this.#events.push(event);
    // Frees the memory of an answer that is too long.
    else this.#events = [];
  }
}
