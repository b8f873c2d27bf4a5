import { OrxError } from '../../errors.ts';
import type { HttpClient } from '../../http/client.ts';
import { readStart } from '../../http/read-body.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { asObject, asText } from '../wire/wire-value.ts';

const MAX_BYTES = 64 * 1024;

/**
 * Returns the URL of the page on which the user grants a key. Without a callback URL, the page shows a code to copy. Source: the
 * API's OAuth guide.
 */
export function loginPageUrl(baseUrl: string, challenge: string, callbackUrl?: string): string {
  const page = new URL('/auth', baseUrl);
  if (callbackUrl !== undefined) page.searchParams.set('callback_url', callbackUrl);
  page.searchParams.set('code_challenge', challenge);
  page.searchParams.set('code_challenge_method', 'S256');
  page.searchParams.set('key_label', 'orx');
  return page.href;
}

/**
 * Exchanges the code of a login for a key. Throws OrxError of kind `authentication` for a code that is wrong, used or expired.
 */
export async function exchangeCode(
  http: HttpClient,
  baseUrl: string,
  grant: { code: string; verifier: string },
  signal: AbortSignal,
  /** The user's own headers for this server. */
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await http.send({
    method: 'POST',
    url: new URL(`${baseUrl}/auth/keys`),
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ code: grant.code, code_verifier: grant.verifier, code_challenge_method: 'S256' }),
    signal,
  });
  const body = parseJson((await readStart(response.body, MAX_BYTES)).toString('utf8'));
  const key = asText(asObject(body)?.['key']);
  if (response.status === 200 && key !== undefined) return key;
  if (response.status === 200) {
    throw new OrxError('the API returned no key for the login code', {
      kind: 'provider',
      code: 'no-key-in-reply',
    });
  }
  const error = decodeApiError({ status: response.status, body, headers: response.headers });
  if (response.status !== 400 && response.status !== 403) throw error;
  throw new OrxError('the API rejected the login code', {
    why: error.why ?? error.message,
    kind: 'authentication',
    code: 'login-code',
    status: response.status,
    hints: ['a code works once and expires after ten minutes; start again: orx auth login'],
    wire: error.wire,
    cause: error,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
