import { promptSize } from '../core/budget/prompt-size.ts';
import { type ErrorKind, OrxError } from '../errors.ts';
import type { ChatRequest } from '../apis/completion.ts';
import { messagesDialect } from './dialects/messages/dialect.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import { sendJson } from './write-reply.ts';

/** Failures that are not caused by the request: the client gets an estimate instead. */
const PASSING: ReadonlySet<ErrorKind> = new Set(['provider', 'network', 'rate-limit']);

/** Serves POST /messages/count_tokens: with the vendor's count if it counts for this model, else with orx's estimate. */
export async function countMessageTokens(exchange: Exchange): Promise<void> {
  const { served, request: incoming, response, headers, parts, query } = exchange;
  const body = await readBody(incoming, served.maxBodyBytes);
  const request = messagesDialect.parse(body, { parts, query, requestHeaders: incoming.headers });
  exchange.model = request.model;
  const counted = await vendorCount(request, exchange);
  const estimate = counted === undefined ? { 'x-orx-estimate': 'true' } : {};
  const tokens = counted ?? promptSize(request, undefined).expected;
  sendJson(response, 200, { input_tokens: tokens }, { ...headers, ...estimate });
}

/** Returns undefined when the vendor does not count, or currently cannot. Throws when it rejects the request. */
async function vendorCount(request: ChatRequest, { served, signal }: Exchange): Promise<number | undefined> {
  try {
    return await served.api.countTokens?.(request, { signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof OrxError)) throw error;
    if (PASSING.has(error.kind)) return undefined;
    throw error;
  }
}
