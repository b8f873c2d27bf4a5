import type { CompletionEvent } from '../completion.ts';

/** Returns what these events add to an answer, in UTF-16 units; `data` is the piece of the reply that they were made from. */
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
