import type { ChatRequest, CompletionEvent, PushCompletion, StreamCompletion } from '../../apis/completion.ts';
import type { AnswerPiece } from '../../storage/conversations/conversations.ts';
import type { Answer } from '../answer/answer.ts';
import { AnswerGatherer } from '../answer/gather.ts';

/** Stores an answer while it arrives. Its functions never throw: an error in storing must not lose the answer. */
export interface AnswerKeeper {
  /** Called before the request is sent. */
  begin: (request: ChatRequest) => void;
  append: (piece: AnswerPiece) => void;
  /**
   * Called when the answer has ended, complete or with an error. The text of a long answer has been appended completely; `answer` contains only
   * its beginning, or all of it if `keepsText` is true.
   */
  finish: (answer: Answer, end: { isComplete: boolean; isLong: boolean; error?: unknown }) => void;
  /** Whether `finish` needs the whole text, however long it is. */
  keepsText: boolean;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Milliseconds between writes: a killed process loses no more than this. */
const WRITE_EVERY_MS = 500;
/** Most UTF-16 units that are written at once. A longer text is never written, nor copied in memory, as a whole. */
const LONGEST_AT_ONCE = 1024 * 1024;

/**
 * Returns the same stream, and stores its answer as it arrives: a write before the request, one at the end, and at most two per second in
 * between.
 */
export function storing(stream: StreamCompletion, keeper: AnswerKeeper): StreamCompletion {
  return async function* storedStream(request, options): AsyncGenerator<CompletionEvent> {
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
      // The consumer may have left the loop early.
      gathering.end();
    }
  };
}

/** Does the same for pushed answers. */
export function storingPushed(push: PushCompletion, keeper: AnswerKeeper): PushCompletion {
  return async (request, options, sink) => {
    keeper.begin(request);
    const gathering = gather(keeper);
    try {
      await push(request, options, {
        see(event) {
          gathering.see(event);
          sink.see(event);
        },
        ready: sink.ready === undefined ? undefined : () => sink.ready!(),
      });
      gathering.end();
    } catch (error) {
      gathering.end(error);
      throw error;
    }
  };
}

function gather(keeper: AnswerKeeper): { see: (event: CompletionEvent) => void; end: (error?: unknown) => void } {
  let gathered = new AnswerGatherer(keeper.keepsText ? undefined : LONGEST_AT_ONCE);
  let hasRestarted = false;
  let isComplete = false;
  let isOver = false;
  let texts: string[] = [];
  let reasonings: string[] = [];
  let waitingSize = 0;
  let started: AnswerPiece['started'];
  const waiting = new AbortController();
  let isWaiting = false;

  const write = (): void => {
    if (isOver) return;
    const [text, reasoning] = [texts.join(''), reasonings.join('')];
    [texts, reasonings, waitingSize] = [[], [], 0];
    // Splits a long piece, because the database handles each write as a whole.
    for (let at = 0; at === 0 || at < Math.max(text.length, reasoning.length); at += LONGEST_AT_ONCE) {
      const end = at + LONGEST_AT_ONCE;
      keeper.append({ text: text.slice(at, end), reasoning: reasoning.slice(at, end), started: at === 0 ? started : undefined });
    }
    started = undefined;
  };
  const writeSoon = async (): Promise<void> => {
    if (isWaiting) return;
    isWaiting = true;
    try {
      await keeper.sleep(WRITE_EVERY_MS, waiting.signal);
    } catch {
      // The answer has ended, and `end` has written the rest.
      return;
    }
    isWaiting = false;
    write();
  };
  const add = (pieces: string[], piece: string): void => {
    pieces.push(piece);
    waitingSize += piece.length;
    if (waitingSize > LONGEST_AT_ONCE) write();
  };
  return {
    see(event) {
      if (event.type === 'fallback' && event.restarts === true) {
        // What was appended belongs to another answer, so this one is stored as a whole at its end.
        hasRestarted = true;
        gathered = new AnswerGatherer();
        [texts, reasonings, waitingSize] = [[], [], 0];
      }
      gathered.see(event);
      if (event.type === 'text-delta') add(texts, event.text);
      else if (event.type === 'reasoning-delta') add(reasonings, event.text);
      else {
        if (event.type === 'response-end') isComplete = true;
        if (event.type !== 'response-start') return;
        started = { generationId: event.id, model: event.model, provider: event.provider };
      }
      if (!isWaiting) void writeSoon();
    },
    end(error) {
      if (isOver) return;
      const isLong = !hasRestarted && gathered.text.length + gathered.reasoning.length > LONGEST_AT_ONCE;
      if (isLong) write();
      isOver = true;
      waiting.abort();
      keeper.finish(gathered.answer(), { isComplete, isLong, error });
    },
  };
}
