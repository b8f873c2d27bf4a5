import { promptSize } from '../../core/budget/prompt-size.ts';
import { type ErrorKind, OrxError } from '../../errors.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { Fields } from '../dialects/fields.ts';
import { geminiDialect } from '../dialects/gemini/dialect.ts';
import { messagesDialect } from '../dialects/messages/dialect.ts';
import type { Exchange } from '../exchange.ts';
import { readBody } from '../read-body.ts';
import { sendJson } from '../write-reply.ts';

/** Failures that are not caused by the request: the client gets an estimate instead. */
const PASSING: ReadonlySet<ErrorKind> = new Set(['provider', 'network', 'rate-limit']);

/** Serves POST /messages/count_tokens. */
export async function countMessageTokens(exchange: Exchange): Promise<void> {
  const { parts, query } = exchange;
  const body = await readBody(exchange);
  const request = messagesDialect.parse(body, { parts, query, requestHeaders: exchange.request.headers });
  await replyWithCount(exchange, request, (tokens) => ({ input_tokens: tokens }));
}

/** Serves POST /v1beta/models/{model}:countTokens, for contents alone or a whole `generateContentRequest`. */
export async function countContentTokens(exchange: Exchange): Promise<void> {
  const { parts, query } = exchange;
  const body = await readBody(exchange);
  const whole = Fields.parse(body, true).object('generateContentRequest')?.values;
  const request = geminiDialect.parse(whole === undefined ? body : JSON.stringify(whole), {
    parts: [parts[0] ?? '', 'generateContent'],
    query,
    requestHeaders: exchange.request.headers,
    asksVendor: exchange.served.asksVendor,
  });
  await replyWithCount(exchange, request, (tokens) => ({ totalTokens: tokens }));
}

/** Replies with the vendor's count if it counts for this model, else with orx's estimate, which a header marks. */
async function replyWithCount(
  exchange: Exchange,
  request: ChatRequest,
  reply: (tokens: number) => Record<string, number>,
): Promise<void> {
  exchange.model = request.model;
  const counted = await vendorCount(request, exchange);
  const estimate = counted === undefined ? { 'x-orx-estimate': 'true' } : {};
  const tokens = counted ?? promptSize(request, undefined).expected;
  sendJson(exchange.response, 200, reply(tokens), { ...exchange.headers, ...estimate });
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
