import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import type { Accounting } from './accounting.ts';
import { openRequestRecord } from './request-record.ts';

/**
 * The same stream, booked: its entry stands in the ledger before the request is sent, with its generation id as soon as that is known, and is
 * settled when the answer is over, however it ends. Under a budget the request is limited, its money held, and the answer stopped when it
 * grows dearer than allowed: kind `credits`, code `budget`, before the request or in the middle of the answer. A ledger that cannot be written
 * costs nobody the answer: that is noted in the book.
 */
export function recorded(stream: StreamCompletion, accounting: Accounting): StreamCompletion {
  return async function* bookedStream(request, options): AsyncGenerator<CompletionEvent> {
    const record = await openRequestRecord(accounting, request, options?.signal);
    try {
      for await (const event of stream(record.request, options)) {
        record.see(event);
        yield event;
      }
    } catch (error) {
      record.fail(error);
      throw error;
    } finally {
      // Whoever reads may have left early.
      record.leave();
    }
  };
}
