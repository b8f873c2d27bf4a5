import type { AnswerSink, CompletionEvent } from '../../apis/completion.ts';
import type { Answer } from './answer.ts';
import { AnswerGatherer } from './gather.ts';
import { answerFailure } from './missing.ts';

/** The result of a completion: everything that arrived, and the error if it is incomplete. */
export interface Outcome {
  answer: Answer;
  error?: unknown;
}

/**
 * Reads a completion to its end. `onEvent` gets every event before the next one is requested; if it returns a promise, the stream waits for it.
 * Never rejects because of a failed completion: the result contains what arrived before the error. A blocked answer is a failure too.
 */
export async function collectAnswer(
  stream: AsyncIterable<CompletionEvent>,
  onEvent: (event: CompletionEvent) => void | Promise<void>,
): Promise<Outcome> {
  const gathered = new AnswerGatherer();
  try {
    for await (const event of stream) {
      gathered.see(event);
      const pending = onEvent(event);
      if (pending !== undefined) await pending;
    }
    return ended(gathered);
  } catch (error) {
    return { answer: gathered.answer(), error };
  }
}

/**
 * Does the same for an answer that is pushed. If `onEvent` returns a promise, later events wait for it, and the connection is paused.
 */
export async function collectPushed(
  push: (sink: AnswerSink) => Promise<void>,
  onEvent: (event: CompletionEvent) => void | Promise<void>,
): Promise<Outcome> {
  const gathered = new AnswerGatherer();
  const line = new EventLine((event) => {
    gathered.see(event);
    return onEvent(event);
  });
  let error: unknown;
  let hasFailed = false;
  try {
    await push(line);
  } catch (reason) {
    [error, hasFailed] = [reason, true];
  }
  try {
    await line.settled();
    return hasFailed ? { answer: gathered.answer(), error } : ended(gathered);
  } catch (reason) {
    return { answer: gathered.answer(), error: reason };
  }
}

function ended(gathered: AnswerGatherer): Outcome {
  const answer = gathered.answer();
  const failure = answerFailure(answer);
  return failure === undefined ? { answer } : { answer, error: failure };
}

/** Passes events on one after the other. */
class EventLine implements AnswerSink {
  readonly #onEvent: (event: CompletionEvent) => void | Promise<void>;
  #waiting: CompletionEvent[] = [];
  /** Set while an event is shown that takes time. Never rejects. */
  #pending: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  constructor(onEvent: (event: CompletionEvent) => void | Promise<void>) {
    this.#onEvent = onEvent;
  }

  see(event: CompletionEvent): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#pending !== undefined) return void this.#waiting.push(event);
    const pending = this.#onEvent(event);
    if (pending !== undefined) this.#pending = this.#afterwards(pending);
  }

  ready(): Promise<void> | undefined {
    return this.#pending;
  }

  /** Resolves when all events are passed on. Throws what `onEvent` threw. */
  async settled(): Promise<void> {
    await this.#pending;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #afterwards(first: Promise<void>): Promise<void> {
    try {
      await first;
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        const pending = this.#onEvent(event);
        if (pending !== undefined) await pending;
      }
    } catch (error) {
      this.#failure = { error };
      this.#waiting = [];
    }
    this.#pending = undefined;
  }
}
