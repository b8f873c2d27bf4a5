import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';

const PATIENCE_MS = 3000;
const LONGEST_START = 4096;

/**
 * Whether an address speaks the HTTP+SSE transport of 2024-11-05, which Streamable HTTP replaced: there a GET opens an event stream whose first
 * event names another address to post to. Never rejects.
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
    if (response.headers.get('content-type')?.includes('event-stream') !== true || response.body === null) return false;
    let start = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      start += piece;
      if (/^event: ?endpoint[\r\n]/m.test(start)) return true;
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
