import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, type Handler, newGate, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { runInTerminal } from '../../support/terminal-host.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const envOf = (server: ApiServer): Record<string, string> => ({ OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY });

async function api(
  handler: Handler,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult & { server: ApiServer }> {
  const server = await startApiServer(handler);
  return { ...(await runOrx(['api', ...args], { ...options, env: { ...envOf(server), ...options.env } })), server };
}

const ok: Handler = (_, response) => sendJson(response, 200, { ok: true });

describe('the request', () => {
  test.each<[string[], object]>([
    [['models'], { method: 'GET', url: '/api/v1/models', body: '' }],
    [['/models?q=a%20b'], { url: '/api/v1/models?q=a%20b' }],
    [['models', '-X', 'get', '-f', 'q=a b', '-F', 'limit=2'], { method: 'GET', url: '/api/v1/models?q=a+b&limit=2' }],
    [['keys', '-f', 'name=x', '-F', 'limit=5'], { method: 'POST', body: '{"name":"x","limit":5}' }],
    [['keys/abc', '-X', 'PATCH', '-F', 'disabled=true'], { method: 'PATCH', url: '/api/v1/keys/abc', body: '{"disabled":true}' }],
    [['keys/abc', '-X', 'DELETE'], { method: 'DELETE', body: '' }],
    [['workspaces/w/budgets/daily', '-X', 'PUT', '-F', 'limit=1'], { method: 'PUT' }],
    [['guardrails', '-F', 'a[]=1', '-f', 'a[]=2', '-F', 'b[c]=3'], { body: '{"a":[1,"2"],"b":{"c":3}}' }],
  ])('%j', async (args, request) => {
    const { code, stdout, stderr, server } = await api(ok, args);
    expect([code, stdout, stderr]).toEqual([0, '{"ok":true}', '']);
    expect(server.requests).toMatchObject([request]);
    expect(server.requests[0]!.headers['authorization']).toBe(`Bearer ${KEY}`);
  });

  test('headers replace those of orx, and an empty one is left out', async () => {
    const { server } = await api(ok, ['key', '-H', 'Authorization: Bearer other-key', '-H', 'X-Title:', '-H', 'X-More: a: b']);
    const { headers } = server.requests[0]!;
    expect([headers['authorization'], headers['x-title'], headers['x-more']]).toEqual(['Bearer other-key', undefined, 'a: b']);
  });

  test('a body from a file or standard input is sent as it is', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    const home = tempFolder();
    writeFileSync(join(home, 'body'), bytes);
    const type = ['-H', 'Content-Type: application/octet-stream'];
    for (const [input, stdin] of [
      [join(home, 'body'), undefined],
      ['-', bytes],
    ] as const) {
      const { code, server } = await api(ok, ['files?x=1', '--input', input, ...type, '-f', 'y=2'], { stdin, home });
      expect([code, server.requests[0]]).toMatchObject([0, { method: 'POST', url: '/api/v1/files?x=1&y=2' }]);
      expect(server.requests[0]!.body).toBe(bytes.toString());
      expect(server.requests[0]!.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-length': '5' });
    }
  });

  test('a field can be the text of a file', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'text'), 'é\n');
    const { server } = await api(ok, ['guardrails', '-F', `a=@${join(home, 'text')}`, '-F', 'b=@-'], { home, stdin: '{}' });
    expect(server.requests[0]!.json()).toEqual({ a: 'é\n', b: '{}' });
  });

  test.each([
    [['-F', 'a=@missing'], /missing does not exist/],
    [['--input', '.'], /\. is a folder/],
    [['-f', 'novalue'], /-f must be key=value/],
    [['-H', `secret ${KEY}`], /-H must be name: value/],
    [['-H', 'Host: evil.example'], /-H cannot set Host/],
    [['-X', 'BREW'], /-X/],
    [['-X', 'GET', '--input', 'x'], /a GET request has no body/],
    [['--paginate', '-f', 'a=b'], /--paginate needs a GET request/],
    [['--input', '-', '-F', 'a=@-'], /standard input can be read only once/],
    [['-f', 'a=1', '-f', 'a=2'], /the field a has a value already/],
  ])('%j is a usage error, and nothing is sent', async (args, told) => {
    const { code, stdout, stderr, server } = await api(ok, ['keys', ...args]);
    expect([code, stdout, server.requests]).toEqual([2, '', []]);
    expect(stderr).toMatch(told);
    expect(stderr).not.toContain(KEY);
  });
});

describe('the key goes only to the base URL', () => {
  test('a whole URL of the same host, also above the base', async () => {
    const server = await startApiServer(ok);
    const url = `${server.origin}/api/beta/batches#x`;
    expect(await runOrx(['api', url], { env: envOf(server) })).toMatchObject({ code: 0 });
    expect(server.requests.map((request) => request.url)).toEqual(['/api/beta/batches']);
  });

  test.each([
    'https://evil.example/api/v1/key',
    'http://127.0.0.1:9/api/v1/key',
    '../beta/batches',
    'keys/../../../x',
    'keys/%2e%2e/%2E%2e/..',
    '..\\..\\x',
    '',
    '/',
    'file:///etc/passwd',
    'https://',
  ])('"%s" is refused', async (path) => {
    const { code, stdout, server } = await api(ok, [path]);
    expect([code, stdout, server.requests]).toEqual([2, '', []]);
  });

  test('a user in the URL is refused too', async () => {
    const server = await startApiServer(ok);
    const url = server.url.replace('//', '//user:word@');
    expect(await runOrx(['api', `${url}/key`], { env: envOf(server) })).toMatchObject({ code: 2 });
    expect(server.requests).toEqual([]);
  });

  test('a path that begins with slashes stays on the host', async () => {
    const { server } = await api(ok, ['//evil.example/x']);
    expect(server.requests.map(({ url }) => url)).toEqual(['/api/v1/evil.example/x']);
  });

  test('a redirect is not followed', async () => {
    const other = await startApiServer(ok);
    const { code, server } = await api(
      (_, response) => void response.writeHead(302, { location: other.url }).end('moved'),
      ['key'],
    );
    expect([code, server.requests.length, other.requests]).toEqual([8, 1, []]);
  });
});

describe('the reply', () => {
  test('reaches a pipe byte for byte', async () => {
    const body = ' {"id": 12345678901234567890,\r\n "x": "\u001b[31m\u202e"}  ';
    expect((await api((_, response) => sendJson(response, 200, body), ['key'])).stdout).toBe(body);
    const packed: Handler = (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    expect((await api(packed, ['key'])).stdout).toBe(body);
  });

  test('-i prints status and headers first', async () => {
    const { stdout } = await api((_, response) => sendJson(response, 201, '{}', { 'x-a': 'b' }), ['keys', '-f', 'name=x', '-i']);
    expect(stdout).toMatch(/^HTTP\/1\.1 201 Created\n[^]*^x-a: b\n[^]*\n\n\{\}$/m);
  });

  test.each([
    [401, 3],
    [402, 4],
    [429, 5],
    [403, 6],
    [404, 6],
    [500, 7],
    [400, 2],
  ])('HTTP %i: the body is printed, and the exit code is %i', async (status, exit) => {
    const body = `{"error":{"code":${status},"message":"said ${KEY}"}}`;
    const { code, stdout, stderr, server } = await api((_, response) => sendJson(response, status, body), ['key']);
    expect([code, stdout, server.requests.length]).toEqual([exit, body, 1]);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toContain(KEY);
  });

  test('a server that is not the API', async () => {
    const page: Handler = (_, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
    const { code, stdout } = await api(page, ['key']);
    expect([code, stdout]).toEqual([8, '<html>']);
  });

  test('a terminal gets indented JSON without control codes and without the key', async () => {
    const made = 'sk-or-v1-ffffffffffffffffffffffffffffffff';
    const server = await startApiServer((_, response) => sendJson(response, 200, { x: '\u001b]0;t\u0007', own: KEY, key: made }));
    const { code, bytes } = await runInTerminal(80, {
      args: ['api', 'keys', '-f', 'name=x'],
      home: tempFolder(),
      env: envOf(server),
    });
    expect([code, bytes.toString().replaceAll('\r\n', '\n')]).toEqual([
      0,
      `{\n  "x": "\\u001b]0;t\\u0007",\n  "own": "sk-or-v1-…cdef",\n  "key": "${made}"\n}\n`,
    ]);
  });

  test('a terminal gets no binary data', async () => {
    const audio: Handler = (_, response) =>
      void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('\u001b]0;PWN\u0007');
    const server = await startApiServer(audio);
    const before = await runInTerminal(80, {
      args: ['api', 'audio/speech', '-f', 'input=x'],
      home: tempFolder(),
      env: envOf(server),
    });
    expect([before.code, server.requests]).toEqual([2, []]);
    const after = await runInTerminal(80, { args: ['api', 'x'], home: tempFolder(), env: envOf(server) });
    expect([after.code, server.requests.length, after.bytes.toString()]).toEqual([2, 1, expect.not.stringContaining('PWN')]);
  });

  test('a stream is printed as it arrives', async () => {
    const gate = newGate();
    const handler: Handler = (_, response) => sendPieces(response, ['data: 1\n\n', 'data: 2\n\n'], { gate });
    const server = await startApiServer(handler);
    const { stdout } = await runOrx(['api', 'x'], {
      env: envOf(server),
      onStart: (child) => child.stdout.once('data', () => gate.open()),
    });
    expect(stdout).toBe('data: 1\n\ndata: 2\n\n');
  });
});

describe('--paginate', () => {
  const page = (url: string): { offset: number; limit: number } => {
    const { searchParams } = new URL(url, 'http://x');
    return { offset: Number(searchParams.get('offset') ?? 0), limit: Number(searchParams.get('limit') ?? 2) };
  };

  test('follows links, totals and empty pages, and prints one JSON text after the other', async () => {
    const rows = [0, 1, 2, 3, 4];
    const forms: Record<string, (slice: number[], next: number) => object> = {
      models: (data, next) => ({ data, links: { next: next < rows.length ? `/api/v1/models?limit=2&offset=${next}` : null } }),
      guardrails: (data) => ({ data, total_count: rows.length }),
      keys: (data) => ({ data }),
    };
    for (const [path, form] of Object.entries(forms)) {
      const handler: Handler = ({ url }, response) => {
        const { offset, limit } = page(url);
        sendJson(response, 200, form(rows.slice(offset, offset + limit), offset + limit));
      };
      const { code, stdout } = await api(handler, [path, '--paginate', '-X', 'GET', '-f', 'limit=2']);
      const pages = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { data: number[] }).data);
      expect([path, code, pages.flat()]).toEqual([path, 0, rows]);
    }
  });

  test('ends at a server that repeats its list, and at an error', async () => {
    const same = await api((_, response) => sendJson(response, 200, { data: [1], total_count: 9 }), ['guardrails', '--paginate']);
    expect([same.code, same.server.requests.length]).toEqual([0, 2]);
    const failing: Handler = ({ url }, response) =>
      page(url).offset === 0
        ? sendJson(response, 200, { data: [1], total_count: 9 })
        : sendJson(response, 500, { error: { code: 500, message: 'no' } });
    expect(await api(failing, ['guardrails', '--paginate'])).toMatchObject({ code: 7 });
  });
});

describe('requests that may cost money', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4, cost: 0.25 };
  const answers: Handler = (_, response) =>
    sendJson(response, 200, { id: 'gen-1', model: 'a/b', provider: 'P', usage }, { 'x-generation-id': 'gen-1' });
  const entries = async (home: string): Promise<Record<string, unknown>[]> =>
    (JSON.parse((await runOrx(['cost', '--json'], { home })).stdout) as { entries: Record<string, unknown>[] }).entries;

  test('are recorded with what the reply says', async () => {
    const home = tempFolder();
    await api(answers, ['rerank', '-f', 'model=a/asked', '-f', 'query=x'], { home });
    expect(await entries(home)).toMatchObject([
      {
        command: 'api',
        requested_model: 'a/asked',
        model: 'a/b',
        provider: 'P',
        generation_id: 'gen-1',
        cost: '0.25',
        cost_source: 'billed',
        outcome: 'complete',
        prompt_tokens: 3,
      },
    ]);
  });

  test('a body without a model is recorded under its path; a rejected one costs nothing', async () => {
    const home = tempFolder();
    const { code } = await api(
      (_, response) => sendJson(response, 400, { error: { code: 400, message: 'no' } }),
      ['audio/transcriptions', '--input', '-'],
      { home, stdin: 'x' },
    );
    expect(code).toBe(2);
    expect(await entries(home)).toMatchObject([{ requested_model: 'audio/transcriptions', cost: '0', outcome: 'failed' }]);
  });

  test('a reply without a cost stays open for a look-up', async () => {
    const home = tempFolder();
    await api(
      (_, response) => void response.writeHead(200, { 'x-generation-id': 'gen-9' }).end('bytes'),
      ['audio/speech', '-f', 'input=x'],
      { home },
    );
    expect(await entries(home)).toMatchObject([
      { generation_id: 'gen-9', cost: null, cost_source: 'unknown', outcome: 'complete' },
    ]);
  });

  test('fail under a budget before anything is sent; other requests do not', async () => {
    const home = tempFolder();
    await runOrx(['budget', 'add', '--month', '5'], { home });
    const paid = await api(answers, ['chat/completions', '-f', 'model=a/b'], { home });
    expect([paid.code, paid.stdout, paid.server.requests]).toEqual([4, '', []]);
    expect(paid.stderr).toContain('orx chat');
    expect(await api(answers, ['images', '--no-ledger', '-f', 'model=a/b'], { home })).toMatchObject({ code: 2 });
    expect(await api(answers, ['keys', '-f', 'name=x'], { home })).toMatchObject({ code: 0 });
  });

  test('a budget for another model does not apply, but one for a fallback does', async () => {
    const home = tempFolder();
    await runOrx(['budget', 'add', '--month', '5', '--model', 'a/limited'], { home });
    expect(await api(answers, ['images', '-f', 'model=a/b'], { home })).toMatchObject({ code: 0 });
    const models = ['-f', 'models[]=a/b', '-f', 'models[]=a/limited'];
    expect(await api(answers, ['chat/completions', ...models], { home })).toMatchObject({ code: 4 });
  });

  test('--no-ledger does not record', async () => {
    const home = tempFolder();
    await api(answers, ['images', '--no-ledger', '-f', 'model=a/b'], { home });
    expect(await entries(home)).toEqual([]);
  });
});
