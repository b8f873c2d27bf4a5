import type { ServerResponse } from 'node:http';

/** Sends a JSON body: a value, or JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = headerList(headers, DEFAULTS);
  all.push('content-length', String(Buffer.byteLength(text)));
  response.writeHead(status, all);
  response.end(text);
}

const DEFAULTS: Readonly<Record<string, string>> = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };

/**
 * Returns the headers as a list of names and values, with those of `defaults` that they lack. Node writes a list with less work than
 * an object, whose fields differ from reply to reply.
 */
export function headerList(headers: Readonly<Record<string, string>>, defaults: Readonly<Record<string, string>>): string[] {
  const list: string[] = [];
  for (const name in headers) list.push(name, headers[name]!);
  for (const name in defaults) if (headers[name] === undefined) list.push(name, defaults[name]!);
  return list;
}
