import { OrxError } from '../../../errors.ts';
import type { HttpResponse } from '../../../http/exchange.ts';
import { readStart } from '../../../http/read-body.ts';
import { pageTitle, titleReason } from '../../../text/page-title.ts';
import type { Vendor } from '../../vendors.ts';
import { decodeApiError } from './decode-error.ts';
import { addressHint } from './error-hints.ts';
import { contentEncoding, unzip } from '../packed-reply.ts';
import { asObject, type WireObject } from '../wire-value.ts';

const MAX_ERROR_BYTES = 1024 * 1024;
const CHECK_PROXY = 'check for a proxy, a firewall or a network login page: orx config get proxy';

/** How to read an error reply. */
interface ReadOptions {
  /** Returns the current time in ms since 1970. */
  now: () => number;
  /** The request asked for information instead of an answer. */
  isLookUp?: boolean;
  /** The vendor, if it is not OpenRouter. */
  vendor?: Vendor;
  /** Default: OpenRouter's generation id. */
  requestId?: string | undefined;
  /** Called with the usage of an error reply, because a failed request may have been billed. */
  onUsage?: (usage: WireObject) => void;
}

/**
 * Returns the error for a reply with a status other than 200. Reads as much of the body as the status requires, then cancels it.
 */
export async function refusedReply(response: HttpResponse, options: ReadOptions): Promise<OrxError> {
  const { status, headers } = response;
  const { now, isLookUp, onUsage, vendor, requestId = headers['x-generation-id'] } = options;
  if (status >= 300 && status < 400) {
    response.cancel();
    const { location } = headers;
    if (location === undefined) return unexpectedStatus(status, requestId);
    return new OrxError(`the API redirects to another URL (HTTP ${status}: ${location})`, {
      kind: 'network',
      code: 'redirect',
      status,
      requestId,
      hints: [
        `orx does not follow, to protect the key; if the URL is right, set it: ${vendor === undefined ? 'orx config set base-url URL' : `orx vendors add ${vendor.name} --base-url URL`}`,
      ],
    });
  }
  const text = await errorBody(response);
  const body = parseErrorBody(text);
  const usage = asObject(asObject(body)?.['usage']);
  if (usage !== undefined) onUsage?.(usage);
  if (body === undefined && isNotTheApi(status, text)) return notTheApi(status, text, requestId, vendor);
  // An edge server answers with its own page: only the status and the title are informative.
  const explained = body ?? { error: { message: pageTitle(text) ?? `HTTP status ${status} without an explanation` } };
  return decodeApiError({ status, body: explained, headers, requestId, now: now(), isLookUp, vendor });
}

/**
 * Returns whether the server does not have the path, or sent a page although the status does not explain it. A truncated JSON
 * text counts as the API's.
 */
function isNotTheApi(status: number, text: string): boolean {
  const start = text.trimStart()[0];
  if (isPathStatus(status)) return start !== '{';
  return start === '<' && status >= 400 && status < 500 && ![401, 402, 408, 413, 429].includes(status);
}

/** Returns the error for a status that no answer of an API has, such as 304 for a request without a condition. */
function unexpectedStatus(status: number, requestId: string | undefined): OrxError {
  return new OrxError(`the response is not from the API (HTTP ${status}, neither an answer nor another URL)`, {
    kind: 'network',
    code: 'not-the-api',
    status,
    requestId,
    hints: [CHECK_PROXY],
  });
}

function isPathStatus(status: number): boolean {
  return status === 404 || status === 405;
}

function notTheApi(status: number, text: string, requestId: string | undefined, vendor: Vendor | undefined): OrxError {
  const what = text.trimStart().startsWith('<') ? 'a web page' : 'no explanation';
  const isPath = isPathStatus(status);
  const title = titleReason(text);
  return new OrxError(
    isPath ? `no API at this URL (HTTP ${status}, ${what})` : `the response is not from the API (HTTP ${status}, ${what})`,
    {
      kind: 'network',
      code: 'not-the-api',
      why: title,
      status,
      requestId,
      hints: [isPath ? addressHint(vendor) : CHECK_PROXY],
    },
  );
}

/** Returns as much of the body as possible: even without it, the status determines the error. */
async function errorBody(response: HttpResponse): Promise<string> {
  const bytes = await readStart(response.body, MAX_ERROR_BYTES).catch((error: unknown) => {
    if (error instanceof OrxError && error.kind === 'network') return Buffer.alloc(0);
    throw error;
  });
  response.cancel();
  const encoding = contentEncoding(response);
  if (encoding === undefined) return bytes.toString('utf8');
  return encoding === 'gzip' ? unzip(bytes).catch(() => '') : '';
}

/** Returns undefined for text that is not JSON. */
function parseErrorBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
