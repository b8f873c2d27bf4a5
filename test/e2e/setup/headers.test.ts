import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { GRANTED_KEY, startAuthSite } from '../../support/auth-site.ts';
import { startBillingServer } from '../../support/billing-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const TOKEN = 'a-token-of-the-company-gateway';
const FINE = { in: '0.000001', out: '0.000002' };
const stored = (home: string): Record<string, any> => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));

function orxAt(home: string, env: Record<string, string>): (...args: string[]) => Promise<RunResult> {
  return (...args) => runOrx(args, { home, env: { OPENROUTER_API_KEY: KEY, ...env } });
}

/** The token with which each request came. */
const tokensOf = ({ requests }: ApiServer): (string | undefined)[] => [
  ...new Set(requests.map(({ headers }) => headers['x-access-token'] as string | undefined)),
];

/** A home with a stored header for the server. */
async function homeFor(server: ApiServer): Promise<string> {
  const home = tempFolder();
  const orx = orxAt(home, {});
  await orx('config', 'set', 'base-url', server.url);
  expect(await orx('config', 'set', 'headers', `X-Access-Token: ${TOKEN}`)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  return home;
}

describe('stored headers', () => {
  test('are sent with every request to the base URL', async () => {
    const server = await startBillingServer({ 'a/b': FINE });
    const home = await homeFor(server);
    for (const args of [
      ['chat', '-m', 'a/b', 'hi'],
      ['models', '--refresh'],
      ['endpoints', 'a/b'],
      ['api', 'anything'],
      ['auth', 'status'],
      ['credits'],
      ['keys'],
      ['doctor'],
      ['embed', '-m', 'a/b'],
      ['rerank', '-m', 'a/b', 'query'],
    ]) {
      const before = server.requests.length;
      await runOrx(args, { home, env: { OPENROUTER_API_KEY: KEY }, stdin: 'text\n' });
      expect([args[0], server.requests.length > before, tokensOf(server)]).toEqual([args[0], true, [TOKEN]]);
    }
  });

  test('are sent during a login, and by orx serve', async () => {
    const site = await startAuthSite();
    const home = await homeFor(site);
    const { code } = await runOrx(['auth', 'login'], { home, stdin: GRANTED_KEY });
    expect([code, tokensOf(site)]).toEqual([0, [TOKEN]]);
    await runOrx(['auth', 'login', '--no-browser'], { home, stdin: 'a-code\n' });
    expect(site.requests.map(({ url }) => url)).toContain('/api/v1/auth/keys');
    const gateway = await runServe([], { home });
    const answer = await fetch(`${gateway.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'a/b', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(answer.status).toBe(200);
    expect(site.questions.length).toBeGreaterThan(0);
    expect(tokensOf(site)).toEqual([TOKEN]);
  });

  test('are not sent to another base URL, to a vendor at the same host, or to the sandbox', async () => {
    const server = await startBillingServer({ 'a/b': FINE });
    const other = await startBillingServer({ 'a/b': FINE });
    const home = await homeFor(server);
    const orx = orxAt(home, {});
    await orx('--base-url', other.url, 'chat', '-m', 'a/b', 'hi');
    await orx('--base-url', other.url, 'models', '--refresh');
    expect([other.requests.length > 1, tokensOf(other)]).toEqual([true, [undefined]]);
    await orx('vendors', 'add', 'lab', '--base-url', server.url, '--no-key');
    await orx('chat', '-m', 'lab:a/b', 'hi');
    expect([server.requests.length > 0, tokensOf(server)]).toEqual([true, [undefined]]);
    expect((await orx('--sandbox', 'chat', 'hi')).code).toBe(0);

    const set = await orx('config', 'set', 'base-url', other.url);
    expect(set.stderr).toBe(
      `warning: the headers for ${server.origin} are not sent to ${other.origin}; set them for this one: orx config set headers "NAME: VALUE"\n`,
    );
    const { checks } = JSON.parse((await orx('doctor', '--offline', '--json')).stdout) as { checks: any[] };
    expect(checks.find(({ name }) => name === 'settings')).toMatchObject({
      status: 'warning',
      message: `the headers for ${server.origin} are not sent to ${other.origin}`,
    });
  });

  test('belong to the profile for which they were set', async () => {
    const server = await startBillingServer({ 'a/b': FINE });
    const home = tempFolder();
    const orx = orxAt(home, { OPENROUTER_BASE_URL: server.url });
    await orx('profile', 'set', 'work');
    expect((await orx('--profile', 'work', 'config', 'set', 'headers', `X-Access-Token: ${TOKEN}`)).code).toBe(0);
    expect(stored(home)).toEqual({ profiles: { work: { headers: { [server.origin]: { 'X-Access-Token': TOKEN } } } } });
    expect(statSync(join(home, 'config.json')).mode & 0o777).toBe(0o600);
    await orx('chat', '-m', 'a/b', 'hi');
    expect(tokensOf(server)).toEqual([undefined]);
    await orx('--profile', 'work', 'chat', '-m', 'a/b', 'hi');
    expect(tokensOf(server)).toEqual([undefined, TOKEN]);
    const shown = await orx('profile', 'show', 'work');
    expect(shown.stdout).toMatch(/^headers +\(hidden\)$/m);
    expect((await orx('profile', 'set', 'work', 'headers', 'X-A: 1')).stderr).toMatch(
      /^error: headers belong to a base URL\nhint: store them: orx --profile work config set headers "NAME: VALUE"\n/,
    );
  });

  test('can come from standard input, so that no other process sees them', async () => {
    const server = await startBillingServer({ 'a/b': FINE });
    const home = tempFolder();
    const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY };
    const { code, stderr } = await runOrx(['config', 'set', 'headers', '-'], {
      home,
      env,
      stdin: `X-Access-Token: ${TOKEN}\n\nX-Team: search\r\n`,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stored(home)['headers']).toEqual({ [server.origin]: { 'X-Access-Token': TOKEN, 'X-Team': 'search' } });
    const empty = await runOrx(['config', 'set', 'headers', '-'], { home, env, stdin: '\n' });
    expect([empty.code, empty.stderr]).toMatchObject([2, expect.stringContaining('no header on standard input')]);
    expect((await runOrx(['config', 'unset', 'headers'], { home, env })).code).toBe(0);
    expect(stored(home)).toEqual({});
  });
});

describe('the flag --header', () => {
  test('adds to the stored headers, before and after the command, and orx api takes it too', async () => {
    const server = await startBillingServer({ 'a/b': FINE });
    const home = await homeFor(server);
    const orx = orxAt(home, {});
    await orx('--header', 'X-One: 1', 'chat', '-m', 'a/b', '--header', 'X-Two: 2', 'hi');
    expect(server.requests.at(-1)!.headers).toMatchObject({ 'x-one': '1', 'x-two': '2', 'x-access-token': TOKEN });
    await orx('--header', 'X-One: 1', 'api', 'anything', '-H', 'X-Two: 2', '--header', 'X-Three: 3', '-H', 'X-Access-Token: own');
    expect(server.requests.at(-1)!.headers).toMatchObject({
      'x-one': '1',
      'x-two': '2',
      'x-three': '3',
      'x-access-token': 'own',
    });
    await orx('chat', '-m', 'a/b', '--header', 'X-Access-Token:', 'hi');
    expect(server.requests.at(-1)!.headers).not.toHaveProperty('x-access-token');
  });

  test.each<[string[], RegExp]>([
    [['chat', '--header', `Authorization: Bearer ${TOKEN}`, 'hi'], /^error: the header Authorization cannot be set: .*API key/],
    [['models', '--header', `X-A: ${TOKEN}\r\nHost: b`], /^error: a header must not contain a line break/],
    [['models', '--header', `X-A: ${TOKEN}\nX-B: b`], /^error: a header must not contain a line break/],
    [['models', '--header', TOKEN], /^error: a header must be name: value \(flag --header\)\nhint: /],
    [['config', 'set', 'headers', `X-A: ${TOKEN}`, 'X-B'], /^error: each header must be one word\nhint: /],
    [['config', 'set', 'headers', 'X-A:', TOKEN], /^error: each header must be one word\nhint: /],
    [['config', 'set', 'headers', `Content-Length: ${TOKEN}`], /^error: the header Content-Length cannot be set: orx sets it/],
  ])('%j fails with exit 2, and the value is not shown', async (args, said) => {
    const { code, stdout, stderr } = await runOrx(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain(TOKEN);
  });
});

describe('values are hidden', () => {
  test('in lists, in --dry-run and in what orx doctor prints', async () => {
    const server = await startBillingServer({ 'a/b': FINE });
    const home = await homeFor(server);
    const orx = orxAt(home, {});
    const dry = await orx('chat', '--dry-run', '-m', 'a/b', 'hi');
    expect(dry.stdout).toContain('\nx-access-token: (hidden)\n');
    expect((await orx('config', 'get', 'headers')).stdout).toBe(`X-Access-Token: (hidden) for ${server.origin}\n`);
    for (const args of [
      ['config', 'list'],
      ['config', 'list', '--all', '--json'],
      ['chat', '--dry-run', '--json', '-m', 'a/b', 'hi'],
      ['compare', '--dry-run', '-m', 'a/b,a/c', 'hi'],
      ['doctor'],
      ['--verbose', 'doctor', '--json'],
    ]) {
      const { stdout, stderr } = await orx(...args);
      expect([args, (stdout + stderr).includes(TOKEN)]).toEqual([args, false]);
    }
  });

  test.each([
    [['chat', 'hi']],
    [['chat', '--json', 'hi']],
    [['--verbose', 'models', '--refresh']],
    [['api', 'anything']],
    [['--verbose', 'auth', 'status']],
  ])('in the errors of a server that repeats them: %j', async (args) => {
    const server = await startApiServer((request, response) => {
      const sent = String(request.headers['x-access-token']);
      sendJson(
        response,
        403,
        { error: { code: 403, message: `denied: ${sent}`, metadata: { raw: sent } } },
        { 'x-request-id': sent },
      );
    });
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ headers: { [server.origin]: { 'X-Access-Token': TOKEN } } }));
    const { code, stdout, stderr } = await orxAt(home, { OPENROUTER_BASE_URL: server.url })(...args);
    expect(code).not.toBe(0);
    expect(tokensOf(server)).toEqual([TOKEN]);
    // orx api prints the body of the reply as it is.
    expect(args[0] === 'api' ? stderr : stdout + stderr).not.toContain(TOKEN);
  });
});
