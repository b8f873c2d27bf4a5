import type { CompletionEvent } from '../../apis/completion.ts';
import { contentLength } from '../../apis/content-length.ts';
import type { Lifetime } from '../context/lifetime.ts';
import type { Chat } from './open.ts';

/** In UTF-16 units. The process keeps some copies of a longer text, so saving memory would take more of it. */
const MOST_TO_SAVE_MEMORY = 1024 * 1024;

/** Prepares the process for an answer that may be long, from its first event to its end. */
export interface LongAnswer {
  /** Call it for each visible event, before the journal opens the databases. */
  see: (event: CompletionEvent) => void;
  /** Call it at the end of the answer. */
  end: () => void;
}

/** Meanwhile, the databases are opened as if there were no answer, because V8 rejects compiled code that is loaded with other flags. */
export function watchLongAnswer(
  { answerLong, saveMemory }: Pick<Lifetime, 'answerLong' | 'saveMemory'>,
  journal: Chat['journal'],
): LongAnswer {
  let state: 'before' | 'during' | 'loading' | 'over' = 'before';
  let length = 0;
  let restores: (() => void)[] = [];
  const prepare = (): void => {
    state = 'during';
    restores = length > MOST_TO_SAVE_MEMORY ? [answerLong()] : [answerLong(), saveMemory()];
  };
  const restore = (next: typeof state): void => {
    state = next;
    for (const one of restores) one();
    restores = [];
  };
  return {
    see(event) {
      const wasShort = length <= MOST_TO_SAVE_MEMORY;
      length += contentLength(event) ?? 0;
      if (state === 'during' && wasShort && length > MOST_TO_SAVE_MEMORY) {
        restore('during');
        prepare();
      }
      if (state !== 'before') return;
      prepare();
      journal?.loadWith(async (load) => {
        restore(state === 'over' ? 'over' : 'loading');
        try {
          return await load();
        } finally {
          if (state === 'loading') prepare();
        }
      });
    },
    end: () => restore('over'),
  };
}
