import { describe, expect, test } from 'vitest';
import { wireModel } from '../../support/catalogue.ts';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { openChatTerminal } from '../../support/chat-terminal.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** Starts an API that fails every completion in this way and has a small catalogue. */
function refusing(status: number, body: unknown, headers: Record<string, string> = {}): Promise<ApiServer> {
  const models = [wireModel('test/model'), wireModel('a/tools', {}, { supported_parameters: ['tools', 'tool_choice'] })];
  return startApiServer((request, response) => {
    if (request.url.includes('/models')) return sendJson(response, 200, { data: models });
    return sendJson(response, status, body, headers);
  });
}

const envOf = (server: ApiServer, more: Record<string, string> = {}): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
  OPENROUTER_BASE_URL: server.url,
  ORX_MODEL: 'test/model',
  ORX_RETRIES: '0',
  ...more,
});

async function ask(server: ApiServer, ...args: string[]): Promise<RunResult> {
  return runOrx(['chat', 'hi', ...args], { env: envOf(server) });
}

describe('a wrong base URL', () => {
  test.each<[string, number, string, string]>([
    ['a web page', 404, '<!doctype html><title>Not found</title>', 'text/html'],
    ['text', 404, '404 page not found', 'text/plain'],
    ['JSON of another service', 404, '{"detail":"Not Found"}', 'application/json'],
    ['a page that takes no such method', 405, '<html></html>', 'text/html'],
  ])('%s with %i names the base URL', async (_name, status, body, type) => {
    const { code, stdout, stderr } = await ask(await refusing(status, body, { 'content-type': type }));
    expect([code, stdout]).toEqual([8, '']);
    expect(stderr).toMatch(
      /^error: no API at this URL \(HTTP 40\d.*\n(?: {2}its title is "Not found"\n)?hint: check the base URL; .*: orx config get base-url/,
    );
    expect(stderr).not.toMatch(/--only|orx models/);
  });
});

test('a reset time in the past causes no wait', async () => {
  const headers = { 'x-ratelimit-reset': '1600000000000' };
  const { code, stderr } = await ask(await refusing(429, { error: { code: 429, message: 'Rate limit exceeded' } }, headers));
  expect(code).toBe(5);
  expect(stderr).not.toContain('asks to wait');
  const zero = await ask(await refusing(429, { error: { code: 429, message: 'x' } }, { 'retry-after': '0' }));
  expect(zero.stderr).not.toContain('asks to wait');
});

test('the hint names models from the catalogue that support the request', async () => {
  const message = "No endpoints found that support the provided 'tool_choice' value.";
  const server = await refusing(404, { error: { code: 404, message } });
  expect(await ask(server)).toMatchObject({
    code: 6,
    stderr: `error: no provider can serve this request\n  ${message}\nhint: use a model that supports it: a/tools\nhint: list all that support it: orx models --parameter tool_choice\n`,
  });
});

describe('a model that the API has removed', () => {
  const old = wireModel('a/old', {}, { description: 'Old. Please migrate to a/new instead.', expiration_date: '2026-01-31' });

  test('says until when it was available, and names its successor, from a past catalog', async () => {
    const market = { models: [old, wireModel('a/new'), wireModel('a/other')] };
    const server = await startApiServer((request, response) => {
      if (request.method === 'POST')
        return sendJson(response, 404, { error: { code: 404, message: 'No endpoints found for a/old.' } });
      if (request.url.includes('/endpoints'))
        return sendJson(response, 404, { error: { code: 404, message: 'Model not found' } });
      return sendJson(response, 200, { data: market.models });
    });
    const home = tempFolder();
    const orx = (...args: string[]): Promise<RunResult> => runOrx(args, { home, env: envOf(server) });
    await orx('models');
    market.models = market.models.slice(1);
    await orx('models', '--refresh');
    expect(await orx('chat', '-m', 'a/old', 'hi')).toMatchObject({
      code: 6,
      stderr:
        'error: this model has been removed\n  No endpoints found for a/old.\n  it was available until 2026-01-31\n' +
        'hint: use its successor: -m a/new\nhint: use a newer model of a: a/new, a/other\nhint: search the models: orx models WORDS\n',
    });
  });
});

test('in a conversation hints use the commands of the conversation', async () => {
  const message = 'You requested up to 64000 tokens, but can only afford 2666.';
  const terminal = openChatTerminal(await refusing(402, { error: { code: 402, message } }));
  await terminal.waitFor('ctrl-d quit');
  terminal.type('hello\r');
  await terminal.waitFor('/params max-tokens 2666');
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
});

test('a failed model list does not suggest flags of orx chat', async () => {
  const server = await startApiServer((_, response) => sendJson(response, 503, { error: { code: 503, message: 'down' } }));
  const { code, stderr } = await runOrx(['models'], { env: envOf(server) });
  expect(code).toBe(7);
  expect(stderr).not.toContain('--fallback');
});
