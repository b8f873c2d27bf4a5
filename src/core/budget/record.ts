import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import type { Accounting } from './accounting.ts';
import { openRequestRecord } from './open-request-record.ts';

/**
 * Returns the same stream, and records it: creates the entry in the ledger before the request is sent, adds the generation id as soon as it is
 * known, and settles the entry when the answer ends for whatever reason. Under a budget the request is limited, its money is reserved, and the
 * answer is stopped if it costs more than allowed: kind `credits`, code `budget`, before the request or mid-stream. An error of the ledger does
 * not affect the answer: it becomes a note.
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
      // The consumer may have left the loop early.
      await entry.leave();
    }
  };
}
