import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import type { Book } from './accounting.ts';
import { openBooking } from './request-record.ts';

/**
 * The same stream, booked: its entry stands in the ledger before the request is sent, with its generation id as soon as that is known, and is
 * settled when the answer is over, however it ends. Under a budget the request is limited, its money held, and the answer stopped when it
 * grows dearer than allowed: kind `credits`, code `budget`, before the request or in the middle of the answer. A ledger that cannot be written
 * costs nobody the answer: that is noted in the book.
 */
export function booked(stream: StreamCompletion, book: Book): StreamCompletion {
  return async function* bookedStream(request, options): AsyncGenerator<CompletionEvent> {
    const booking = await openBooking(book, request, options?.signal);
    try {
      for await (const event of stream(booking.request, options)) {
        booking.see(event);
        yield event;
      }
    } catch (error) {
      booking.fail(error);
      throw error;
    } finally {
      // Whoever reads may have left early.
      booking.leave();
    }
  };
}
