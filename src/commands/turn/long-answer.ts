import type { Lifetime } from '../context.ts';
import type { Chat } from './open.ts';

/** Prepares the process for an answer that may be long, from its first event to its end. */
export interface LongAnswer {
  /** Call it before the journal opens the databases. */
  begin: () => void;
  /** Call it at the end of the answer. */
  end: () => void;
}

/** Meanwhile, the databases are opened as if there were no answer, because V8 rejects compiled code that is loaded with other flags. */
export function watchLongAnswer(answerLong: Lifetime['answerLong'], journal: Chat['journal']): LongAnswer {
  let restore: (() => void) | undefined;
  let isOver = false;
  return {
    begin() {
      if (isOver || restore !== undefined) return;
      restore = answerLong();
      journal?.loadWith(async (load) => {
        restore?.();
        try {
          return await load();
        } finally {
          if (!isOver) restore = answerLong();
        }
      });
    },
    end() {
      isOver = true;
      restore?.();
      restore = undefined;
    },
  };
}
