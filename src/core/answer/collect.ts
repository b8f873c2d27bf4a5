import type { CompletionEvent } from '../../apis/completion.ts';
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
    const answer = gathered.answer();
    const failure = answerFailure(answer);
    return failure === undefined ? { answer } : { answer, error: failure };
  } catch (error) {
    return { answer: gathered.answer(), error };
  }
}
