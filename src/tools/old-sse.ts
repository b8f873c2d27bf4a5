import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';

const PATIENCE_MS = 3000;
const LONGEST_START = 4096;
/** The first event of the HTTP+SSE transport. Streamable HTTP has no event of this name. */
const ENDPOINT_EVENT = /^event: ?endpoint[\r\n]/m;

/**
 * Returns whether a URL speaks the HTTP+SSE transport of 2024-11-05, which Streamable HTTP replaced: there a GET opens an event
 * stream whose first event names another URL for POST requests. Never rejects.
 */
export async function speaksOldSse(
  url: string,
  headers: Readonly<Record<string, string>>,
  fetch: FetchLike,
  signal: AbortSignal,
): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, {
      headers: { ...headers, accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, stop.signal]),
    });
    if (!isEventStream(response)) return false;
    let start = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      start += piece;
      if (ENDPOINT_EVENT.test(start)) return true;
      if (start.length > LONGEST_START) return false;
    }
    return false;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/**
 * Wraps a `fetch` and calls `onOldSse` when a reply begins like the HTTP+SSE transport: some servers open their event stream for
 * any method, and a client that posts to them waits for an answer that never comes.
 */
export function noticingOldSse(fetch: FetchLike, onOldSse: () => void): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!isEventStream(response)) return response;
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(watchedStart(onOldSse)), { status, headers });
  };
}

function watchedStart(onOldSse: () => void): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let start: string | undefined = '';
  return new TransformStream({
    transform(bytes, controller) {
      controller.enqueue(bytes);
      if (start === undefined) return;
      start += decoder.decode(bytes, { stream: true });
      const isOld = ENDPOINT_EVENT.test(start);
      if (isOld || start.length > LONGEST_START) start = undefined;
      if (isOld) onOldSse();
    },
  });
}

function isEventStream(response: Response): response is Response & { body: NonNullable<Response['body']> } {
  return response.headers.get('content-type')?.includes('event-stream') === true && response.body !== null;
}
