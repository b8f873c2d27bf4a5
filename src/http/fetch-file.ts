import { bytesText } from '../text/bytes.ts';
import { OrxError } from '../errors.ts';
import { DOWNLOAD_AND_ATTACH } from '../hints.ts';
import type { HttpClient } from './client.ts';
import type { HttpResponse } from './exchange.ts';
import { refusePrivateHost } from './public-lookup.ts';
import { readBytes } from './read-body.ts';

const MOST_REDIRECTS = 5;
/** Limit for the whole download, redirects included. */
const LONGEST_MS = 60_000;

export interface FetchedFile {
  bytes: Buffer;
  /** The charset of the content type that the server sent. */
  charset: string | undefined;
}

export interface FetchOptions {
  http: HttpClient;
  /** Allows addresses of private networks, also as the target of a redirect. */
  allowPrivate: boolean;
  maxBytes: number;
  signal: AbortSignal;
  userAgent: string;
}

/**
 * Downloads the file at an http(s) address. Sends neither the API key nor any other credentials. Throws kind `usage` for an
 * address that orx does not accept, else `network`.
 */
export async function fetchFile(address: string, options: FetchOptions): Promise<FetchedFile> {
  const limit = AbortSignal.timeout(LONGEST_MS);
  const signal = AbortSignal.any([options.signal, limit]);
  let url = parseAddress(address);
  try {
    for (let redirects = 0; ; redirects += 1) {
      if (!options.allowPrivate) refusePrivateHost(url);
      const response = await options.http.send({
        method: 'GET',
        url,
        headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': options.userAgent },
        signal,
      });
      const next = redirectOf(response, url);
      if (next === undefined) return await readFile(response, url, options.maxBytes);
      response.cancel();
      if (redirects === MOST_REDIRECTS) throw failure(`${address} redirects too often`, 'redirect-loop');
      url = next;
    }
  } catch (error) {
    if (limit.aborted && !options.signal.aborted) throw failure(`${address} took longer than ${LONGEST_MS / 1000} s`, 'timeout');
    throw error;
  }
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw refused(`${text} is not an http or https URL`);
  if (url.username !== '' || url.password !== '') throw refused('a URL must not contain a user name or password');
  return url;
}

function redirectOf({ status, headers }: HttpResponse, from: URL): URL | undefined {
  const { location } = headers;
  if (status < 300 || status > 399 || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw failure(`${from.host} redirects to an invalid URL`, 'redirect');
  return parseAddress(new URL(location, from).href);
}

async function readFile(response: HttpResponse, url: URL, maxBytes: number): Promise<FetchedFile> {
  const { status, headers } = response;
  try {
    if (status !== 200) throw failure(`cannot download the file from ${url.host} (HTTP ${status})`, 'http-status');
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw failure(`${url.host} sent an unsupported content encoding`, 'bad-encoding');
    if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(url, maxBytes);
    const bytes = await readBytes(response.body, maxBytes).catch((error: unknown) => {
      throw error instanceof OrxError && error.code === 'too-large' ? tooLarge(url, maxBytes) : error;
    });
    const charset = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1];
    return { bytes, charset };
  } finally {
    response.cancel();
  }
}

function tooLarge(url: URL, maxBytes: number): OrxError {
  return refused(`${url.href} is larger than ${bytesText(maxBytes)}`);
}

function refused(message: string): OrxError {
  return new OrxError(message, { kind: 'usage' });
}

function failure(message: string, code: string): OrxError {
  return new OrxError(message, {
    kind: 'network',
    code,
    hints: [DOWNLOAD_AND_ATTACH],
  });
}
