import type { ServerResponse } from 'node:http';

/** Sends a JSON body: a value, or JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  // The copy comes first, because adding to it is faster than spreading into another object.
  const all: Record<string, string | number> = { ...headers };
  all['content-type'] ??= 'application/json';
  all['content-length'] = Buffer.byteLength(text);
  all['x-content-type-options'] = 'nosniff';
  response.writeHead(status, all);
  response.end(text);
}
