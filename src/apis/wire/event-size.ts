import type { CompletionEvent } from '../completion.ts';

/**
 * Returns the size that these events add to an answer, in UTF-16 units. `data` is the piece of the reply from which they were
 * decoded.
 */
export function eventSize(events: readonly CompletionEvent[], data: string): number {
  let size = 0;
  for (const event of events) {
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
        size += event.text.length;
        break;
      case 'tool-call-delta':
        size += event.arguments.length;
        break;
      case 'image':
      case 'audio':
      case 'annotation':
      case 'reasoning-parts':
        return data.length;
      default:
    }
  }
  return size;
}
