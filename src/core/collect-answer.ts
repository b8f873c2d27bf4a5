import type { CompletionEvent } from '../providers/completion.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from './answer.ts';

/** What came of a completion: all that arrived, and the failure if it did not arrive whole. */
export interface Outcome {
  answer: Answer;
  error?: unknown;
}

/**
 * Reads a completion to its end. `onEvent` sees every event before the next one is asked for; a promise it returns holds the stream back.
 * Never rejects for a failed completion: what came before the failure is kept beside it.
 */
export async function collectAnswer(
  stream: AsyncIterable<CompletionEvent>,
  onEvent: (event: CompletionEvent) => void | Promise<void>,
): Promise<Outcome> {
  let answer: Answer = EMPTY_ANSWER;
  // Nearly all events are text: adding it up apart saves a new answer for each.
  let text = '';
  try {
    for await (const event of stream) {
      if (event.type === 'text-delta') text += event.text;
      else answer = reduceAnswer(answer, event);
      const held = onEvent(event);
      if (held !== undefined) await held;
    }
    return { answer: { ...answer, text } };
  } catch (error) {
    return { answer: { ...answer, text }, error };
  }
}
