import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OrxError } from '../../errors.ts';

/** A server that receives the code of a login from the browser. */
export interface LoginServer {
  /** On 127.0.0.1, with a random part that only the opened page knows. */
  callbackUrl: string;
  /** The code. Rejects with OrxError when the user declines the login or it times out, and with the signal's reason. */
  code: Promise<string>;
  close: () => Promise<void>;
}

const FIVE_MINUTES_MS = 5 * 60 * 1000;

/**
 * Listens on a random loopback port for one code. Accepts only a GET of the exact callback URL with this server's own host name,
 * and only the first code. The page does not repeat anything from the request.
 */
export async function startLoginServer(signal: AbortSignal, limitMs = FIVE_MINUTES_MS): Promise<LoginServer> {
  signal.throwIfAborted();
  const path = `/callback/${randomBytes(24).toString('base64url')}`;
  let callbackUrl = '';
  let isUsed = false;
  let take!: (code: string) => void;
  let fail!: (reason: unknown) => void;
  const code = new Promise<string>((resolve, reject) => {
    take = resolve;
    fail = reject;
  });
  // The promise may fail before anybody awaits it.
  code.catch(() => undefined);

  const server = createServer((request, response) => {
    const asked = callbackOf(request, new URL(callbackUrl).host);
    if (asked === undefined || !isSame(asked.pathname, path)) return sendPage(response, 404, 'Not found.');
    if (isUsed) return sendPage(response, 410, 'This login has ended. To start again, run this in the terminal: orx auth login');
    const given = asked.searchParams.get('code') ?? '';
    const isRefused = asked.searchParams.has('error');
    if (given === '' && !isRefused) return sendPage(response, 400, 'This address contains no code.');
    isUsed = true;
    // Send the page first: the server closes as soon as the code is known.
    response.once('close', () =>
      isRefused ? fail(loginError('the login was rejected in the browser', 'login-refused')) : take(given),
    );
    sendPage(
      response,
      200,
      isRefused ? 'No key was granted. You can close this page.' : 'Continue in the terminal. You can close this page.',
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  callbackUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => fail(loginError('the browser login timed out', 'login-timeout')), limitMs);
  return {
    callbackUrl,
    code,
    async close() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// Another name in the Host header means a web page whose domain resolves to this address (DNS rebinding).
function callbackOf(request: IncomingMessage, host: string): URL | undefined {
  if (request.method !== 'GET' || request.headers.host !== host) return undefined;
  const address = `http://${host}${request.url ?? ''}`;
  return request.url?.startsWith('/') === true && URL.canParse(address) ? new URL(address) : undefined;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function sendPage(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>orx</title><p>${sentence}</p></html>\n`);
}

function loginError(message: string, code: string): OrxError {
  return new OrxError(message, {
    kind: 'authentication',
    code,
    hints: [
      'start again: orx auth login',
      'log in without a local browser: orx auth login --no-browser',
      'paste a key: orx auth login --paste',
    ],
  });
}
