import { LRUCache } from 'lru-cache';
import type { CompletionEvent } from '../../apis/completion.ts';

/** Same as KeptAnswer in core/answer-cache/cached.ts. */
interface Kept {
  at: number;
  events: readonly CompletionEvent[];
}

const MOST_BYTES = 128 * 1024 * 1024;

/** Stores answers in memory: at most 128 MB, evicting the least recently used ones. */
export function memoryAnswers(keptMs: number): {
  get: (key: string) => Promise<Kept | undefined>;
  set: (key: string, answer: Kept) => Promise<void>;
} {
  const answers = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ events }) => JSON.stringify(events).length,
    ttl: keptMs,
  });
  return {
    get: async (key) => answers.get(key),
    async set(key, answer) {
      answers.set(key, answer);
    },
  };
}
