import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { markNumbers, unmarkNumbers } from '../text/exact-json.ts';

/**
 * Returns a `fetch` for a library that parses and writes JSON itself: numbers that a double cannot represent pass through the
 * library as marked strings.
 */
export function exactFetch(fetch: FetchLike): FetchLike {
  return async (url, init) => {
    const { body } = init ?? {};
    const response = await fetch(url, typeof body === 'string' ? { ...init, body: unmarkNumbers(body) } : init);
    if (!response.ok || response.body === null) return response;
    const isEvents = response.headers.get('content-type')?.includes('event-stream') === true;
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(markedLines(isEvents)), { status, headers });
  };
}

/**
 * Marks numbers line by line, because no JSON string or number contains a line break. In an event stream, only `data` is JSON.
 */
function markedLines(isEvents: boolean): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const marked = (text: string): Uint8Array =>
    encoder.encode(
      text
        .split(/([\r\n])/)
        .map((line) => (!isEvents || line.startsWith('data:') ? markNumbers(line) : line))
        .join(''),
    );
  let pieces: string[] = [];
  return new TransformStream({
    transform(bytes, controller) {
      const text = decoder.decode(bytes, { stream: true });
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
      if (end === 0) return void pieces.push(text);
      controller.enqueue(marked(pieces.join('') + text.slice(0, end)));
      pieces = [text.slice(end)];
    },
    flush(controller) {
      const rest = pieces.join('') + decoder.decode();
      if (rest !== '') controller.enqueue(marked(rest));
    },
  });
}
