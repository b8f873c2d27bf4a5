import type { HttpClient, HttpResponse } from '../../http/client.ts';
import { readBytes } from '../../http/read-body.ts';
import type { Vendor } from '../vendors.ts';
import { hideKey } from '../wire/hide-key.ts';
import { contentEncoding, MAX_JSON_BYTES, unzip } from '../wire/packed-reply.ts';
import { refusedReply } from '../wire/refused-reply.ts';
import { vendorUnreached } from './vendor-unreached.ts';

/** How a vendor is reached. */
export interface VendorConnection {
  vendor: Vendor;
  http: HttpClient;
  apiKey?: string | undefined;
  userAgent: string;
  /** Wall clock in ms, for replies that name a moment instead of a wait. */
  now: () => number;
}

/** The headers that carry the key. */
export type KeyHeaders = Readonly<Record<string, string>>;

/** Where replies name the request, for a question to the vendor's support. */
const REQUEST_IDS = ['request-id', 'x-request-id', 'x-debug-trace-id', 'cf-ray'];

/** Names of Anthropic's features on trial, with commas between. */
const FEATURES = 'anthropic-beta';

interface PlainRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string;
  signal?: AbortSignal | undefined;
  limits?: HttpRequest['limits'];
  /** A model is asked, not a fact looked up: an unknown one is told as such. */
  isAnswer?: boolean | undefined;
}

type HttpRequest = Parameters<HttpClient['send']>[0];

/** The body of a reply that comes whole: facts, or embeddings. */
export async function readReply(options: VendorConnection, keyHeaders: KeyHeaders, request: PlainRequest): Promise<string> {
  const { vendor, userAgent, now, apiKey } = options;
  const { method, path, headers, body, signal, limits, isAnswer = false } = request;
  const response = await sendToVendor(options, {
    method,
    url: new URL(`${vendor.baseUrl}${path}`),
    headers: {
      'user-agent': userAgent,
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...withKey(headers, keyHeaders),
    },
    body,
    signal,
    limits,
  });
  if (response.status !== 200) {
    const refused = await refusedReply(response, { now, isLookUp: !isAnswer, vendor, requestId: requestIdOf(response) });
    throw hideKey(refused, apiKey);
  }
  const bytes = await readBytes(response.body, MAX_JSON_BYTES);
  return contentEncoding(response) === 'gzip' ? unzip(bytes) : bytes.toString('utf8');
}

/** A client may name features that it tries out, as the key may have to. All else the client says itself; it never says a key. */
export function withKey(headers: Readonly<Record<string, string>> | undefined, keyHeaders: KeyHeaders): Record<string, string> {
  const features = [keyHeaders[FEATURES], headers?.[FEATURES]].filter((list) => list !== undefined);
  return { ...keyHeaders, ...headers, ...(features.length > 0 && { [FEATURES]: features.join(',') }) };
}

export async function sendToVendor({ http, vendor }: VendorConnection, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.send(request);
  } catch (error) {
    throw vendorUnreached(error, vendor);
  }
}

export function requestIdOf({ headers }: HttpResponse): string | undefined {
  return REQUEST_IDS.map((name) => headers[name]).find((id) => id !== undefined);
}
