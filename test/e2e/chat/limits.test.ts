import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { CLIENT_TLS_FILES, TLS_FILES } from '../../support/tls-files.ts';

interface Refusal {
  status: number;
  error: object;
  headers?: Record<string, string>;
}

/** Starts an API that refuses the first requests in this way, one after the other, and answers the later ones. */
function refusing(...refusals: readonly Refusal[]): Promise<ApiServer> {
  let count = 0;
  return startApiServer(async (request, response) => {
    if (!request.url.includes('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'none' } });
    const refusal = refusals[count++];
    if (refusal === undefined) return sendPieces(response, answerPieces(['well']));
    const { status, error, headers } = refusal;
    sendJson(response, status, { error: { code: status, ...error } }, headers);
  });
}

function ask(server: ApiServer, args: readonly string[] = [], home = tempFolder()): Promise<RunResult> {
  return runOrx(['chat', 'hi', '-m', 'test/model', ...args], {
    home,
    env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', OPENROUTER_BASE_URL: server.url },
  });
}

const requestsOf = (server: ApiServer): number => server.requests.filter(({ url }) => url.includes('/chat/completions')).length;
const TOO_MANY = { status: 429, error: { message: 'slow down' } };

describe('a refusal that is temporary', () => {
  test.each<[string, Refusal]>([
    ['429 with milliseconds', { ...TOO_MANY, headers: { 'retry-after-ms': '20' } }],
    ['429 with a fraction of a second', { ...TOO_MANY, headers: { 'retry-after': '0.02' } }],
    ['429 with a date', { ...TOO_MANY, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' } }],
    ['429 with a wait in words', { status: 429, error: { message: 'Please try again in 20ms.' } }],
    ['429 with the reset of OpenAI', { ...TOO_MANY, headers: { 'x-ratelimit-reset-requests': '20ms' } }],
    [
      '402 while other requests have reserved the balance',
      { status: 402, error: { message: 'x', metadata: { limit_source: 'openrouter_in_flight_budget', retry_after: 0 } } },
    ],
  ])('%s is retried', async (_name, refusal) => {
    const server = await refusing(refusal);
    expect(await ask(server)).toMatchObject({ code: 0, stdout: 'well\n' });
    expect(requestsOf(server)).toBe(2);
  });
});

describe('a refusal that is final', () => {
  test.each<[string, Refusal, number]>([
    ['429 for the day', { status: 429, error: { message: 'Rate limit exceeded: free-models-per-day' } }, 5],
    ['429 without credits', { status: 429, error: { message: 'x', type: 'insufficient_quota' } }, 4],
    ['429 with a wait of hours', { ...TOO_MANY, headers: { 'retry-after': '7200' } }, 5],
    ['402 without credits', { status: 402, error: { message: 'Insufficient credits' } }, 4],
    ['403 of a key that is over its limit', { status: 403, error: { message: 'Key limit exceeded (daily limit).' } }, 4],
    ['401', { status: 401, error: { message: 'User not found.' } }, 3],
  ])('%s is not retried', async (_name, refusal, code) => {
    const server = await refusing(refusal);
    expect(await ask(server)).toMatchObject({ code, stdout: '' });
    expect(requestsOf(server)).toBe(1);
  });

  test('is every one whose wait would end after --retry-max-time', async () => {
    const server = await refusing({ ...TOO_MANY, headers: { 'retry-after': '5' } });
    expect(await ask(server, ['--retry-max-time', '4'])).toMatchObject({ code: 5, stdout: '' });
    expect(requestsOf(server)).toBe(1);
  });
});

describe('another command after a refusal', () => {
  const refused = { ...TOO_MANY, headers: { 'retry-after': '2' } };

  test('waits as long as the server has asked, and says why', async () => {
    const home = tempFolder();
    const server = await refusing(refused);
    expect((await ask(server, ['--retries', '0'], home)).code).toBe(5);
    const next = await ask(server, ['-u'], home);
    expect(next).toMatchObject({ code: 0, stdout: 'well\n' });
    expect(next.stderr).toContain('warning: request limit of this model: next attempt in ');
  });

  test('does not wait with --no-pacing', async () => {
    const home = tempFolder();
    const server = await refusing({ ...TOO_MANY, headers: { 'retry-after': '200' } });
    expect((await ask(server, ['--retries', '0'], home)).code).toBe(5);
    const waiting = await ask(server, ['--retry-max-time', '1'], home);
    expect(waiting.code).toBe(5);
    expect(waiting.stderr).toContain('hint: send the request now: --no-pacing');
    expect(requestsOf(server)).toBe(1);
    expect(await ask(server, ['--no-pacing'], home)).toMatchObject({ code: 0, stdout: 'well\n' });
  });
});

describe('a successful reply', () => {
  const replying = (headers: Record<string, string>): Promise<ApiServer> =>
    startApiServer(async (request, response) => {
      if (!request.url.includes('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'none' } });
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      await sendPieces(response, answerPieces(['well']));
    });
  const leaving = (remaining: number): Record<string, string> => ({
    'x-ratelimit-limit': '20',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Date.now() + 200_000),
  });

  test('that leaves no request makes the next command wait for the reset', async () => {
    const home = tempFolder();
    const server = await replying(leaving(0));
    expect((await ask(server, [], home)).code).toBe(0);
    expect((await ask(server, ['--retry-max-time', '1'], home)).code).toBe(5);
    expect(requestsOf(server)).toBe(1);
  });

  test.each([
    ['that leaves enough', leaving(19)],
    ['whose headers make no sense', { ...leaving(0), 'x-ratelimit-reset': '1', 'x-ratelimit-limit': '0' }],
  ])('%s writes nothing', async (_name, headers) => {
    const home = tempFolder();
    const server = await replying(headers);
    expect((await ask(server, [], home)).code).toBe(0);
    expect((await ask(server, ['--retry-max-time', '1'], home)).code).toBe(0);
    expect(existsSync(join(home, 'cache', 'limits'))).toBe(false);
  });
});

test('an answer that does not continue although the connection is alive has stalled, and is not sent again', async () => {
  const server = await startApiServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ content: 'half' }));
    const timer = setInterval(() => response.write(': OPENROUTER PROCESSING\n\n'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const result = await ask(server, ['--stall-timeout', '0.3']);
  expect(result).toMatchObject({ code: 8, stdout: 'half\n' });
  expect(result.stderr).toContain('error: the answer has stalled: the server only kept the connection alive for 0.3 s\n');
  expect(requestsOf(server)).toBe(1);
});

test('--ca-cert and --client-cert reach an API that requires a client certificate', async () => {
  const server = createServer(
    {
      cert: TLS_FILES.certificate,
      key: TLS_FILES.privateKey,
      ca: CLIENT_TLS_FILES.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) =>
      void sendPieces(response, answerPieces([(request.socket as TLSSocket).getPeerCertificate().subject.CN as string])),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const home = tempFolder();
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  const args = ['chat', 'hi', '-m', 'test/model', '--ca-cert', file('ca.pem', TLS_FILES.certificate)];
  const own = ['--client-cert', file('client.pem', CLIENT_TLS_FILES.certificate)];
  const env = {
    OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
    OPENROUTER_BASE_URL: `https://localhost:${(server.address() as AddressInfo).port}/some/path/v1`,
    ORX_RETRIES: '0',
  };
  const key = file('client.key', CLIENT_TLS_FILES.encryptedKey);
  expect(
    await runOrx([...args, ...own, '--client-key', key], { env: { ...env, ORX_CLIENT_KEY_PASSWORD: 'secret' } }),
  ).toMatchObject({
    code: 0,
    stdout: 'orx-test-client\n',
  });
  expect((await runOrx(args, { env })).code).toBe(8);
  const wrong = await runOrx([...args, ...own, '--client-key', key], { env });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^error: the client certificate cannot be used\n/);
  const missing = await runOrx([...args, '--client-cert', join(home, 'none.pem')], { env });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('hint: name another file: --client-cert FILE');
});
