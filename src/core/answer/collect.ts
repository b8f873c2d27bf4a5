import type { CompletionEvent } from '../../apis/completion.ts';
import type { Answer } from './answer.ts';
import { AnswerGatherer } from './gather.ts';
import { answerFailure } from './missing.ts';

/** What came of a completion: all that arrived, and the failure if it did not arrive whole. */
export interface Outcome {
  answer: Answer;
  error?: unknown;
}

/**
 * Reads a completion to its end. `onEvent` sees every event before the next one is asked for; a promise it returns holds the stream back.
 * Never rejects for a failed completion: what came before the failure is returned with it. An answer that was blocked is a failure too.
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
