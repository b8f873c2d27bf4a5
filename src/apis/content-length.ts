import type { CompletionEvent } from './completion.ts';

/** Returns the length of what an event adds to the answer, in UTF-16 units. Undefined for an event that adds nothing. */
export function contentLength(event: CompletionEvent): number | undefined {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text.length;
    case 'tool-call-delta':
      return event.arguments.length;
    case 'image':
      return event.url.length;
    case 'audio':
      return event.data.length;
    case 'reasoning-parts':
      return event.parts.reduce((sum, { text = '', encrypted = '' }) => sum + text.length + encrypted.length, 0);
    default:
      return undefined;
  }
}
