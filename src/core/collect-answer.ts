import type { CompletionEvent } from '../providers/completion.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from './answer.ts';
import { answerFailure } from './missing-answer.ts';

/** What came of a completion: all that arrived, and the failure if it did not arrive whole. */
export interface Outcome {
  answer: Answer;
  error?: unknown;
}

const PIECES_AT_ONCE = 512;

/**
 * Reads a completion to its end. `onEvent` sees every event before the next one is asked for; a promise it returns holds the stream back.
 * Never rejects for a failed completion: what came before the failure is kept beside it. An answer that was held back is a failure too.
 */
export async function collectAnswer(
  stream: AsyncIterable<CompletionEvent>,
  onEvent: (event: CompletionEvent) => void | Promise<void>,
): Promise<Outcome> {
  let answer: Answer = EMPTY_ANSWER;
  // Nearly all events are text. It is kept apart, which saves a new answer for each of them, and joined now and then: a string made
  // of thousands of additions keeps all its pieces alive.
  let text = '';
  let pieces: string[] = [];
  const join = (): string => {
    text += pieces.join('');
    pieces = [];
    return text;
  };
  try {
    for await (const event of stream) {
      if (event.type !== 'text-delta') answer = reduceAnswer(answer, event);
      else if (pieces.push(event.text) === PIECES_AT_ONCE) join();
      const held = onEvent(event);
      if (held !== undefined) await held;
    }
    const whole = { ...answer, text: join() };
    const failure = answerFailure(whole);
    return failure === undefined ? { answer: whole } : { answer: whole, error: failure };
  } catch (error) {
    return { answer: { ...answer, text: join() }, error };
  }
}
