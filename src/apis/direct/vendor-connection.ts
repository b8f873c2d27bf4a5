import { unrepeatable } from '../../errors.ts';
import type { HttpClient } from '../../http/client.ts';
import type { HttpResponse } from '../../http/exchange.ts';
import { readBytes } from '../../http/read-body.ts';
import type { StreamOptions } from '../completion.ts';
import type { Vendor } from '../vendors.ts';
import { hideKey } from '../wire/errors/hide-key.ts';
import { contentEncoding, MAX_JSON_BYTES, unzip } from '../wire/packed-reply.ts';
import { refusedReply } from '../wire/errors/refused-reply.ts';
import { tellHeadroom } from '../wire/limits/request-headroom.ts';
import { vendorUnreached } from './vendor-unreached.ts';

/** How to reach a vendor. */
export interface VendorConnection {
  vendor: Vendor;
  http: HttpClient;
  apiKey?: string | undefined;
  userAgent: string;
  /** The longest time without a piece of an answer while its connection is alive, in milliseconds. Default: any. */
  stallMs?: number | undefined;
  /** Returns the current time in ms since 1970, for replies that state a point in time instead of a wait. */
  now: () => number;
}

/** The headers that contain the key. */
export type KeyHeaders = Readonly<Record<string, string>>;

/** Reply headers with the id of the request, for questions to the vendor's support. */
const REQUEST_IDS = ['request-id', 'x-request-id', 'x-debug-trace-id', 'cf-ray'];

/** The header with the names of Anthropic's beta features, separated by commas. */
const FEATURES = 'anthropic-beta';

interface PlainRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string;
  signal?: AbortSignal | undefined;
  limits?: HttpRequest['limits'];
  /** The request asks a model instead of looking up information: an unknown model is reported as such. */
  isAnswer?: boolean | undefined;
  /** Called when the reply has a good status. Errors after it are not retryable for an answer, which may have been billed. */
  onAccepted?: (() => void) | undefined;
  onHeadroom?: StreamOptions['onHeadroom'];
}

type HttpRequest = Parameters<HttpClient['send']>[0];

/** Returns the body of a whole reply: information, or embeddings. */
export async function readReply(options: VendorConnection, keyHeaders: KeyHeaders, request: PlainRequest): Promise<string> {
  const { vendor, userAgent, now, apiKey } = options;
  const { method, path, headers, body, signal, limits, onAccepted, onHeadroom, isAnswer = false } = request;
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
  onAccepted?.();
  tellHeadroom(response, now, { onHeadroom });
  try {
    const bytes = await readBytes(response.body, MAX_JSON_BYTES);
    return contentEncoding(response) === 'gzip' ? await unzip(bytes) : bytes.toString('utf8');
  } catch (error) {
    throw isAnswer ? unrepeatable(error) : error;
  }
}

/**
 * Adds the key to the headers. Both the client and the key may require beta features, so these are merged. Other headers of the
 * client take precedence; they never contain a key.
 */
export function withKey(headers: Readonly<Record<string, string>> | undefined, keyHeaders: KeyHeaders): Record<string, string> {
  if (headers === undefined) return { ...keyHeaders };
  const features = [keyHeaders[FEATURES], headers[FEATURES]].filter((list) => list !== undefined);
  return { ...keyHeaders, ...headers, ...(features.length > 0 && { [FEATURES]: features.join(',') }) };
}

/** Sends a request. Throws an error that names the vendor if it cannot be reached. */
export async function sendToVendor({ http, vendor }: VendorConnection, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.send(request);
  } catch (error) {
    throw vendorUnreached(error, vendor);
  }
}

/** Returns the id by which the vendor finds a request in its logs; undefined if it states none. */
export function requestIdOf({ headers }: HttpResponse): string | undefined {
  for (const name of REQUEST_IDS) if (headers[name] !== undefined) return headers[name];
  return undefined;
}
