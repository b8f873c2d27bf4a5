import type { HttpClient } from './client.ts';

/**
 * Returns a `fetch` function for libraries that use orx's HTTP client: its limits and proxies apply, and redirects are not
 * followed. Request bodies must be text.
 */
export function createFetch(http: HttpClient): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init = {}) => {
    const method = init.method ?? 'GET';
    if (method !== 'GET' && method !== 'POST' && method !== 'DELETE') throw new TypeError(`no such method here: ${method}`);
    const { body = null } = init;
    if (body !== null && typeof body !== 'string') throw new TypeError('a body is text here');
    const reply = await http.send({
      method,
      url: new URL(url),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(body === null ? {} : { body }),
      signal: init.signal ?? undefined,
    });
    const isEmpty = [204, 205, 304].includes(reply.status);
    if (isEmpty) reply.cancel();
    return new Response(isEmpty ? null : toStream(reply.body, reply.cancel), { status: reply.status, headers: reply.headers });
  };
}

function toStream(body: AsyncIterable<Uint8Array>, cancel: () => void): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel,
  });
}
