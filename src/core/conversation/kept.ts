import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../providers/completion.ts';
import type { AnswerPiece } from '../../storage/conversations/conversations.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../answer.ts';

/** Where an answer is kept while it comes. Nothing of it throws: what cannot be kept costs nobody the answer. */
export interface AnswerKeeper {
  /** Before the request is sent. */
  begin: (request: ChatRequest) => void;
  append: (piece: AnswerPiece) => void;
  /** When it is over: complete, or with what it was stopped by. */
  finish: (answer: Answer, end: { isComplete: boolean; error?: unknown }) => void;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A killed process loses no more than what came in this time, in milliseconds. */
const WRITE_EVERY_MS = 500;

/** The same stream, kept as it comes: a write before the request, one at the end, and no more than two a second in between. */
export function kept(stream: StreamCompletion, keeper: AnswerKeeper): StreamCompletion {
  return async function* keptStream(request, options): AsyncGenerator<CompletionEvent> {
    keeper.begin(request);
    const gathering = gather(keeper);
    try {
      for await (const event of stream(request, options)) {
        gathering.see(event);
        yield event;
      }
    } catch (error) {
      gathering.end(error);
      throw error;
    } finally {
      // Whoever reads may have left early.
      gathering.end();
    }
  };
}

function gather(keeper: AnswerKeeper): { see: (event: CompletionEvent) => void; end: (error?: unknown) => void } {
  let answer: Answer = EMPTY_ANSWER;
  let isComplete = false;
  let isOver = false;
  const texts: string[] = [];
  const reasonings: string[] = [];
  let written = { texts: 0, reasonings: 0 };
  let started: AnswerPiece['started'];
  const waiting = new AbortController();
  let isWaiting = false;

  const write = (): void => {
    isWaiting = false;
    if (isOver) return;
    keeper.append({
      text: texts.slice(written.texts).join(''),
      reasoning: reasonings.slice(written.reasonings).join(''),
      started,
    });
    written = { texts: texts.length, reasonings: reasonings.length };
    started = undefined;
  };
  const writeSoon = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    void keeper.sleep(WRITE_EVERY_MS, waiting.signal).then(write, () => undefined);
  };
  return {
    see(event) {
      if (event.type === 'text-delta') texts.push(event.text);
      else if (event.type === 'reasoning-delta') reasonings.push(event.text);
      else {
        answer = reduceAnswer(answer, event);
        if (event.type === 'response-end') isComplete = true;
        if (event.type !== 'response-start') return;
        started = { generationId: event.id, model: event.model, provider: event.provider };
      }
      writeSoon();
    },
    end(error) {
      if (isOver) return;
      isOver = true;
      waiting.abort();
      keeper.finish({ ...answer, text: texts.join(''), reasoning: reasonings.join('') }, { isComplete, error });
    },
  };
}
