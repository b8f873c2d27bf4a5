import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import type { Accounting } from './accounting.ts';
import { openRequestRecord } from './open-request-record.ts';

/**
 * The same stream, recorded: its entry stands in the ledger before the request is sent, with its generation id as soon as that is known, and is
 * settled when the answer is over, however it ends. Under a budget the request is limited, its money reserved, and the answer stopped when it
 * grows more expensive than allowed: kind `credits`, code `budget`, before the request or in the middle of the answer. A ledger that cannot be written
 * costs nobody the answer: that is an accounting note.
 */
export function record(stream: StreamCompletion, accounting: Accounting): StreamCompletion {
  return async function* recordedStream(request, options): AsyncGenerator<CompletionEvent> {
    const entry = await openRequestRecord(accounting, request, options);
    try {
      for await (const event of stream(entry.request, options)) {
        entry.see(event);
        yield event;
      }
    } catch (error) {
      await entry.fail(error);
      throw error;
    } finally {
      // Whoever reads may have left early.
      await entry.leave();
    }
  };
}
