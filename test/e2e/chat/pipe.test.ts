import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { answerPieces, type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { ORX, runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { pause } from '../../support/turns.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';

/** Starts a server that answers every chat with these pieces. */
const answering = (pieces: readonly string[]): Promise<ApiServer> =>
  startApiServer((request, response) =>
    request.url.includes('/models') ? sendJson(response, 200, { data: [] }) : sendPieces(response, pieces),
  );

const chat = (server: ApiServer, args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
  runOrx(['chat', ...args], {
    ...options,
    env: { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url, ORX_MODEL: 'test/model', ORX_RETRIES: '0', ...options.env },
  });

/** Resolves when the conversation of this home contains `half`: answers are stored as they arrive. */
async function halfIsStored(home: string): Promise<void> {
  const store = await openConversations({ folder: join(home, 'data'), name: 'conversations', now: Date.now });
  onTestFinished(() => store.close());
  const stored = (): unknown => store.list({}).flatMap(({ id }) => store.messages(id))[1]?.message.content;
  await expect.poll(stored).toBe('half');
}

describe('input', () => {
  test.each<[string, readonly string[], RunOptions['stdin'], string]>([
    ['words', ['why', 'is', 'the sky blue?'], undefined, 'why is the sky blue?'],
    ['standard input', [], 'from the pipe\n', 'from the pipe'],
    ['standard input first, then the words', ['what broke?'], 'line 1\nline 2\n', 'line 1\nline 2\n\nwhat broke?'],
    ['standard input by name', ['-', 'sum up'], 'text', 'text\n\nsum up'],
    ['text beyond ASCII', ['日本語 👩‍🔬'], undefined, '日本語 👩‍🔬'],
  ])('%s', async (_name, words, stdin, expected) => {
    const server = await answering(answerPieces(['ok']));
    const result = await chat(server, words, { stdin });
    expect(result).toMatchObject({ code: 0, stdout: 'ok\n', stderr: '' });
    expect(server.requests[0]?.json()).toEqual({
      model: 'test/model',
      messages: [{ role: 'user', content: expected }],
      stream: true,
      session_id: expect.any(String),
    });
  });

  test('with a prompt argument orx does not wait for silent input', async () => {
    const server = await answering(answerPieces(['ok']));
    const result = await chat(server, ['hello'], { stdin: 'idle' });
    expect(result).toMatchObject({ code: 0, stdout: 'ok\n' });
    expect(result.stderr).toContain('standard input sent nothing');
    expect(server.requests[0]?.json().messages[0].content).toBe('hello');
  });

  test('orx waits for slow input if it is requested', async () => {
    const server = await answering(answerPieces(['ok']));
    const result = await chat(server, ['-', 'sum up'], {
      stdin: 'idle',
      onStart: (child) => void pause(2600).then(() => child.stdin.end('late')),
    });
    expect(result.code).toBe(0);
    expect(server.requests[0]?.json().messages[0].content).toBe('late\n\nsum up');
  });

  test('no input at all is a usage error, and nothing is sent', async () => {
    const server = await answering([]);
    const result = await chat(server, []);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('no prompt given');
    expect(server.requests).toHaveLength(0);
  });

  test('an invalid stored setting is reported before anything is sent', async () => {
    const server = await answering(answerPieces(['ok']));
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), '{"strict-model":"maybe"}');
    const result = await chat(server, ['hi'], { home });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('strict-model');
    expect(server.requests).toHaveLength(0);
  });

  test('binary input is an error', async () => {
    const server = await answering([]);
    const result = await chat(server, ['x'], { stdin: Uint8Array.of(1, 0, 2) });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('not text');
  });
});

describe('every parameter reaches the wire', () => {
  test.each<[string, readonly string[], object]>([
    ['-m', ['-m', 'a/b'], { model: 'a/b' }],
    [
      '-s',
      ['-s', 'be brief'],
      {
        messages: [
          { role: 'system', content: 'be brief' },
          { role: 'user', content: 'hi' },
        ],
      },
    ],
    ['--temperature', ['--temperature', '0.2'], { temperature: 0.2 }],
    ['--max-tokens', ['--max-tokens', '50'], { max_tokens: 50 }],
    ['--fallback', ['--fallback', 'a/b, c/d'], { model: 'test/model', models: ['a/b', 'c/d'] }],
    ['--provider', ['--provider', 'novita,deepinfra/fp8'], { provider: { order: ['novita', 'deepinfra/fp8'] } }],
    ['--only', ['--only', 'novita'], { provider: { only: ['novita'] } }],
    ['--ignore', ['--ignore', 'chutes'], { provider: { ignore: ['chutes'] } }],
    ['--no-provider-fallbacks', ['--no-provider-fallbacks'], { provider: { allow_fallbacks: false } }],
    ['--route-by', ['--route-by', 'throughput'], { provider: { sort: 'throughput' } }],
    ['--max-price', ['--max-price', '0.5,1.5'], { provider: { max_price: { prompt: '0.5', completion: '1.5' } } }],
    ['--quantization', ['--quantization', 'fp8,bf16'], { provider: { quantizations: ['fp8', 'bf16'] } }],
    ['--min-throughput', ['--min-throughput', '50'], { provider: { preferred_min_throughput: 50 } }],
    ['--max-latency', ['--max-latency', '1.5'], { provider: { preferred_max_latency: 1.5 } }],
    ['--require-parameters', ['--require-parameters'], { provider: { require_parameters: true } }],
    ['--fallback-local: one model', ['--fallback-local', '--fallback', 'a/b'], { model: 'test/model' }],
    ['--restart: one model', ['--restart', '--fallback-local', '--fallback', 'a/b'], { model: 'test/model' }],
    ['--allow-data-collection', ['--allow-data-collection'], {}],
    ['--strict-model', ['--strict-model'], { model: 'test/model' }],
    ['--data-policy strict', ['--data-policy', 'strict'], { provider: { data_collection: 'deny', zdr: true } }],
    ['--zdr', ['--zdr'], { provider: { zdr: true } }],
  ])('%s', async (_name, args, expected) => {
    const server = await answering(answerPieces(['ok']));
    expect((await chat(server, ['hi', ...args])).code).toBe(0);
    const body = server.requests[0]?.json();
    expect(body).toMatchObject(expected);
    // The request contains no field that was not requested.
    const allowed = new Set(['model', 'messages', 'stream', 'session_id', ...Object.keys(expected)]);
    expect(Object.keys(body).filter((key) => !allowed.has(key))).toEqual([]);
    expect(body.provider).toEqual((expected as { provider?: object }).provider);
  });

  test('--no-stream requests and reads a single reply', async () => {
    const reply = {
      id: 'gen-9',
      model: 'test/model',
      provider: 'P',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'whole' } }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.1 },
    };
    const server = await startApiServer((_, response) => sendJson(response, 200, `\n   \n${JSON.stringify(reply)}`));
    const result = await chat(server, ['hi', '--no-stream', '--json']);
    expect(server.requests[0]?.json().stream).toBe(false);
    expect(JSON.parse(result.stdout)).toMatchObject({ id: 'gen-9', content: 'whole', finish_reason: 'stop', cost: '0.1' });
  });

  test('app attribution, by default and as set', async () => {
    const server = await answering(answerPieces(['ok']));
    await chat(server, ['hi']);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'x-title': 'orx',
      'x-openrouter-title': 'orx',
      'x-openrouter-categories': 'cli-agent',
      'x-openrouter-metadata': 'enabled',
    });
    expect(server.requests[0]?.headers['http-referer']).toMatch(/^https:\/\//);
    await chat(server, ['hi', '--app-title', 'mine', '--app-url', 'https://me.example', '--app-categories', 'general-chat']);
    expect(server.requests[1]?.headers).toMatchObject({
      'http-referer': 'https://me.example',
      'x-title': 'mine',
      'x-openrouter-title': 'mine',
      'x-openrouter-categories': 'general-chat',
    });
  });
});

describe('output', () => {
  test('text: exactly the answer, without any escape code', async () => {
    const server = await answering(answerPieces(['**bold** \u001b[31mred', '\r\n', 'end\n']));
    expect(await chat(server, ['hi'])).toEqual({ code: 0, signal: null, stdout: '**bold** \u001b[31mred\r\nend\n', stderr: '' });
  });

  test('half a character is held until the other half arrives', async () => {
    const halves = ['\ud83d', '\ude00', ' and ', '\ud83d'];
    const server = await startApiServer((_, response) => sendPieces(response, answerPieces(halves), { pauseMs: 20 }));
    expect((await chat(server, ['hi'])).stdout).toBe('\u{1f600} and \ufffd\n');
  });

  test('an answer that only calls a tool is reported', async () => {
    const call = chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'weather', arguments: '{}' } }] });
    const server = await answering([call, chunk({}, {}, { finish_reason: 'tool_calls' }), 'data: [DONE]\n\n']);
    expect(await chat(server, ['hi', '-q'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'error: the response is empty: the model only calls tools (weather)\nhint: the tools did not run; show the calls: --json\n',
    });
    // JSON output is complete.
    const { stdout, stderr } = await chat(server, ['hi', '--json']);
    expect([JSON.parse(stdout), stderr]).toMatchObject([{ tool_calls: [{ name: 'weather' }], empty_reason: 'tool-calls' }, '']);
  });

  test('output is printed as it arrives', async () => {
    let release: (() => void) | undefined;
    const server = await startApiServer(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: 'first' }));
      await new Promise<void>((resolve) => (release = resolve));
      response.end(`${chunk({ content: ' second' }, {}, { finish_reason: 'stop' })}data: [DONE]\n\n`);
    });
    let firstPiece = '';
    const result = await chat(server, ['hi'], {
      onStart: (child) =>
        void child.stdout.once('data', (piece) => {
          firstPiece = String(piece);
          release?.();
        }),
    });
    expect(firstPiece).toBe('first');
    expect(result).toMatchObject({ code: 0, stdout: 'first second\n' });
  });

  test('--json: one object', async () => {
    const server = await answering([chunk({ reasoning: 'hm' }), ...answerPieces(['a', 'b'])]);
    const result = await chat(server, ['hi', '--json']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const parsed = JSON.parse(result.stdout);
    expect(parsed).toMatchObject({
      id: 'gen-1',
      model: 'test/model',
      requested_model: 'test/model',
      provider: 'TestProvider',
      content: 'ab',
      reasoning: 'hm',
      finish_reason: 'stop',
      usage: { prompt_tokens: 1204, prompt_tokens_details: { cached_tokens: 1100 } },
      cost: '0.000412',
    });
    expect(parsed.timing.time_to_first_token_ms).toBeGreaterThan(0);
    expect(parsed.timing.duration_ms).toBeGreaterThanOrEqual(parsed.timing.time_to_first_token_ms);
  });

  test('-o stream-json: one object per line, the result last', async () => {
    const server = await answering([chunk({ reasoning: 'hm' }), ...answerPieces(['a', '\u009b31mb'])]);
    const { stdout } = await chat(server, ['hi', '-o', 'stream-json']);
    expect(stdout).not.toContain('\u009b');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    // Pieces of text that arrive together may be one line.
    const types = lines.map((line) => line.type).filter((type, at, all) => type !== all[at - 1]);
    expect(types).toEqual(['start', 'reasoning', 'text', 'result']);
    expect(lines.map((line) => (line.type === 'text' ? line.text : '')).join('')).toBe('a\u009b31mb');
    expect(lines.at(-1)).toMatchObject({ content: 'a\u009b31mb', reasoning: 'hm', cost: '0.000412' });
  });

  test('-u: the receipt on standard error', async () => {
    const server = await answering(answerPieces(['ok', 'ay']));
    const { stdout, stderr } = await chat(server, ['hi', '-u']);
    expect(stdout).toBe('okay\n');
    expect(stderr).toMatch(
      /^model · TestProvider · 0\.\d+ s to first token · [\d.]+ tok\/s · 1,204 in \(91% cached\) → 340 out · \$0\.000412\n$/,
    );
  });

  test('-q: no receipt', async () => {
    const server = await answering(answerPieces(['ok']));
    expect(await chat(server, ['hi', '-q'])).toMatchObject({ stdout: 'ok\n', stderr: '' });
  });

  test('a warning if another model answered, with the attempts before it', async () => {
    const metadata = {
      attempts: [
        { provider: 'Chutes', status: 429 },
        { provider: 'TestProvider', status: 200 },
      ],
    };
    const server = await answering([
      ...answerPieces(['ok']).slice(0, -1),
      chunk({}, { openrouter_metadata: metadata }),
      'data: [DONE]\n\n',
    ]);
    const { stderr, code } = await chat(server, ['hi', '-u', '-m', 'other/model']);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: answered by test/model, not other/model: Chutes 429\n');
  });

  test.each<[string, readonly string[]]>([
    ['a pipe', []],
    ['JSON', ['--json']],
    ['a stream of JSON', ['-o', 'stream-json']],
    ['one whole reply', ['--no-stream']],
    ['a code block', ['-x']],
    ['an answer that is stored nowhere', ['-n']],
    ['a fallback', ['--fallback', 'test/model']],
  ])('orx reports in %s that another model answered, but not with -q', async (_name, flags) => {
    const block = 'so:\n\n```js\n1\n```\n';
    const message = { index: 0, message: { role: 'assistant', content: block }, finish_reason: 'stop' };
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/models')) return sendJson(response, 200, { data: [] });
      if (request.json().stream !== true) return sendJson(response, 200, { id: 'g', model: 'test/model', choices: [message] });
      return sendPieces(response, answerPieces([block]));
    });
    const told = await chat(server, ['hi', '-m', 'other/model', ...flags]);
    // The whole reply states no cost.
    const cost = flags.includes('--no-stream') ? '' : ' ($0.000412)';
    expect(told).toMatchObject({ code: 0, stderr: `warning: answered by test/model, not other/model${cost}\n` });
    const quiet = await chat(server, ['hi', '-m', 'other/model', '-q', ...flags]);
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
    expect(await chat(server, ['hi', ...flags])).toMatchObject({ code: 0, stderr: '' });
  });

  test('orx reports that another model answered even if the answer then fails', async () => {
    const server = await answering([chunk({ content: 'half' }), chunk({}, {}, { finish_reason: 'error' })]);
    const { code, stdout, stderr } = await chat(server, ['hi', '-m', 'other/model']);
    expect([code, stdout]).toEqual([7, 'half\n']);
    expect(stderr).toContain('warning: answered by test/model, not other/model\n');
  });

  test('no warning for the dated name of the same model', async () => {
    const catalogue = {
      data: [
        {
          id: 'anthropic/claude-haiku-4.5',
          canonical_slug: 'anthropic/claude-4.5-haiku-20251001',
          name: 'x',
          pricing: { prompt: '1', completion: '1' },
        },
      ],
    };
    const pieces = answerPieces(['ok']).map((piece) => piece.replaceAll('test/model', 'anthropic/claude-4.5-haiku-20251001'));
    const server = await startApiServer((request, response) =>
      request.url.includes('/models') ? sendJson(response, 200, catalogue) : sendPieces(response, pieces),
    );
    const { stderr, code } = await chat(server, ['hi', '-u', '--strict-model', '-m', 'anthropic/claude-haiku-4.5']);
    expect(code).toBe(0);
    expect(stderr).not.toContain('!');
  });

  test('closing a pipe early ends orx quietly', async () => {
    let closed: Promise<void> | undefined;
    const server = await startApiServer(async (seen, response) => {
      closed = seen.closed;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      while (!response.destroyed) {
        response.write(chunk({ content: 'word '.repeat(200) }));
        await pause(5);
      }
    });
    const result = await chat(server, ['hi'], {
      onStart: (child) => void child.stdout.once('data', () => child.stdout.destroy()),
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    await closed;
  });
});

describe('output streams that fail', () => {
  /** Runs the built program in a shell, for redirections that only a shell can make. */
  const inShell = (
    server: ApiServer,
    line: string,
    onStart: (child: ChildProcessWithoutNullStreams) => void = ({ stdin }) => stdin.end(),
  ): Promise<RunResult> =>
    new Promise((resolve) => {
      const env = {
        ...process.env,
        OPENROUTER_API_KEY: KEY,
        OPENROUTER_BASE_URL: server.url,
        ORX_MODEL: 'test/model',
        ORX_RETRIES: '0',
        ORX_HOME: tempFolder(),
      };
      const child = spawn('bash', ['-c', line.replaceAll('orx', `"${process.execPath}" "${ORX}"`)], {
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      child.stdin.on('error', () => undefined);
      onStart(child);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (piece) => (stdout += String(piece)));
      child.stderr.on('data', (piece) => (stderr += String(piece)));
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });

  test('a full disk is reported in one line with exit code 1', async () => {
    const server = await answering(answerPieces(['ok']));
    const result = await inShell(server, 'orx chat hi > /dev/full');
    expect(result).toMatchObject({ code: 1, stderr: 'error: cannot write the output (the disk is full)\n' });
  });

  test('a receipt that cannot be written does not lose the answer', async () => {
    const server = await answering(answerPieces(['ok']));
    expect(await inShell(server, 'orx chat -u hi 2> /dev/full')).toMatchObject({ code: 0, stdout: 'ok\n' });
  });

  test('a failure keeps its exit code when nobody reads its message', async () => {
    const server = await json(402, { error: { code: 402, message: 'no' } });
    expect(await inShell(server, 'orx chat hi 2> >(exec 0<&-; sleep 1)')).toMatchObject({ code: 4 });
  });

  test('a folder as standard input is an error', async () => {
    const server = await answering([]);
    const result = await inShell(server, 'orx chat hi - < /');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('is a folder');
  });

  test('orx waits for a slow producer in a pipe, with a notice', async () => {
    const server = await answering(answerPieces(['ok']));
    // The process writes only after the other one has announced that it is waiting.
    const result = await inShell(server, 'cat | orx chat translate', ({ stdin, stderr }) => {
      stderr.once('data', () => stdin.end('late\n'));
    });
    expect(result).toMatchObject({
      code: 0,
      stdout: 'ok\n',
      stderr: 'note: waiting for standard input; to send none, add < /dev/null\n',
    });
    expect(server.requests[0]?.json().messages[0].content).toBe('late\n\ntranslate');
  });
});

describe('errors', () => {
  const failing: [string, number, string, () => Promise<ApiServer>][] = [
    [
      'no key for the API',
      3,
      'No auth credentials found',
      () => json(401, { error: { code: 401, message: 'No auth credentials found' } }),
    ],
    ['no credits', 4, 'more credits', () => json(402, { error: { code: 402, message: 'This request requires more credits' } })],
    ['rate limit', 5, 'slow down', () => json(429, { error: { code: 429, message: 'slow down' } })],
    ['no endpoint', 6, 'No endpoints', () => json(404, { error: { code: 404, message: 'No endpoints found' } })],
    [
      'moderation',
      6,
      'flagged',
      () => json(403, { error: { code: 403, message: 'flagged', metadata: { reasons: ['violence'] } } }),
    ],
    [
      'too long a prompt',
      2,
      'context',
      () =>
        json(400, {
          error: { code: 400, message: 'maximum context length', metadata: { error_type: 'context_length_exceeded' } },
        }),
    ],
    ['a provider that is down', 7, 'down', () => json(502, { error: { code: 502, message: 'down' } })],
    ['an error with status 200', 7, 'overloaded', () => json(200, { error: { code: 502, message: 'overloaded' } })],
    ['a web page instead of the API', 8, 'web page', () => html(200)],
    ['an error page of a proxy', 7, 'HTTP status 502', () => html(502)],
    [
      'a redirect',
      8,
      'redirects to another URL',
      () => startApiServer((_, response) => void response.writeHead(307, { location: 'https://evil.example/' }).end()),
    ],
    ['a stream that is cut', 8, 'the stream ended', () => answering([chunk({ content: 'half' })])],
    [
      'a chunk that is broken',
      7,
      'not valid JSON',
      () => answering([chunk({ content: 'half' }), 'data: {"id":\n\n', 'data: [DONE]\n\n']),
    ],
    [
      'an error in the middle',
      7,
      'disconnected',
      () =>
        answering([chunk({ content: 'half' }), chunk({}, { error: { code: 502, message: 'disconnected' } }), 'data: [DONE]\n\n']),
    ],
  ];
  test.each(failing)('%s exits with %i', async (_name, code, message, start) => {
    const server = await start();
    const result = await chat(server, ['hi']);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toMatch(/^error: /);
    expect(result.stderr.split('\n').length).toBeLessThanOrEqual(5);
    expect(result.stderr).not.toContain('    at ');
    expect(['', 'half\n']).toContain(result.stdout);
  });

  test('the text before the failure is printed, in every format', async () => {
    const pieces = [chunk({ content: 'half' }), chunk({}, { error: { code: 502, message: 'disconnected' } }), 'data: [DONE]\n\n'];
    const server = await answering(pieces);
    expect((await chat(server, ['hi'])).stdout).toBe('half\n');
    const json = await chat(server, ['hi', '--json']);
    expect(json.code).toBe(7);
    expect(JSON.parse(json.stdout)).toMatchObject({
      content: 'half',
      error: { kind: 'provider', message: 'disconnected', status: 502 },
    });
    const lines = await chat(server, ['hi', '-o', 'stream-json']);
    expect(JSON.parse(lines.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'result',
      content: 'half',
      error: { kind: 'provider' },
    });
  });

  test('an unreachable network exits with 8', async () => {
    const result = await runOrx(['chat', 'hi', '--base-url', 'http://127.0.0.1:1/api/v1'], { env: { OPENROUTER_API_KEY: KEY } });
    expect(result).toMatchObject({ code: 8, stdout: '' });
    expect(result.stderr).toContain('refused the connection');
  });

  test('silence exits with 8 after the idle timeout', async () => {
    const server = await startApiServer(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: 'half' })),
    );
    const result = await chat(server, ['hi', '--idle-timeout', '0.3']);
    expect(result).toMatchObject({ code: 8, stdout: 'half\n' });
    expect(result.stderr).toContain('sent nothing for');
    const mute = await startApiServer(() => undefined);
    const other = await chat(mute, ['hi', '--first-byte-timeout', '0.3']);
    expect(other.code).toBe(8);
    expect(other.stderr).toContain('orx config set first-byte-timeout SECONDS');
  });

  test('--strict-model: a different model exits with 9; its answer is stopped unless it is already paid for', async () => {
    const server = await answering(answerPieces(['ok']));
    const result = await chat(server, ['hi', '-m', 'other/model', '--strict-model']);
    expect(result).toMatchObject({ code: 9, stdout: '' });
    expect(result.stderr).toContain('test/model answered, not other/model');
    const whole = await startApiServer((_, response) =>
      sendJson(response, 200, {
        id: 'gen-1',
        model: 'test/model',
        choices: [{ message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
      }),
    );
    const paid = await chat(whole, ['hi', '-m', 'other/model', '--strict-model', '--no-stream']);
    expect(paid).toMatchObject({ code: 9, stdout: 'ok\n' });
    expect((await chat(server, ['hi', '-m', 'openrouter/auto', '--strict-model'])).code).toBe(0);
  });

  test('a transient failure is retried, only before the first token', async () => {
    let count = 0;
    const server = await startApiServer((_, response) => {
      count += 1;
      return count === 1
        ? sendJson(response, 503, { error: { code: 503, message: 'busy' } }, { 'retry-after': '0' })
        : sendPieces(response, answerPieces(['well']));
    });
    const result = await chat(server, ['hi', '-u', '--retries', '1']);
    expect(result).toMatchObject({ code: 0, stdout: 'well\n' });
    expect(result.stderr).toContain('busy: attempt 2');
    expect(result.stderr).toContain('warning: test/model answered after 1 retry');
    const half = await answering([chunk({ content: 'half' }), chunk({}, { error: { code: 503, message: 'busy' } })]);
    expect((await chat(half, ['hi', '--retries', '3'])).stdout).toBe('half\n');
    expect(half.requests).toHaveLength(1);
  });

  test('orx reports a retry delay that is too long to wait for', async () => {
    const server = await startApiServer((_, response) =>
      sendJson(response, 429, { error: { code: 429, message: 'slow down' } }, { 'retry-after': '7200' }),
    );
    const result = await chat(server, ['hi', '--retries', '2']);
    expect(result.code).toBe(5);
    expect(result.stderr).toContain('the server asks to wait 2 h');
    expect(server.requests).toHaveLength(1);
  });

  test('a prompt that looks like a flag: the error explains how to pass it', async () => {
    const server = await answering(answerPieces(['ok']));
    const refused = await chat(server, ['-5 + 3 = ?']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('orx chat -- "');
    expect((await chat(server, ['--', '-5 + 3 = ?'])).code).toBe(0);
    expect(server.requests[0]?.json().messages[0].content).toBe('-5 + 3 = ?');
  });

  test('output never contains the key, even if the server repeats it', async () => {
    const server = await startApiServer((request, response) =>
      sendJson(response, 401, {
        error: { code: 401, message: `bad key ${String(request.headers.authorization)} \u001b]0;owned\u0007` },
      }),
    );
    const result = await chat(server, ['hi', '--verbose']);
    expect(result.code).toBe(3);
    expect(result.stderr).not.toContain(KEY);
    expect(result.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('Ctrl-C', () => {
  test('keeps the received part, prints the receipt with the looked-up cost, and exits with 130', async () => {
    let closed: Promise<void> | undefined;
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/generation')) return sendJson(response, 200, { data: { id: 'gen-1', total_cost: 0.0123 } });
      closed = request.closed;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: 'half an ans' }));
    });
    const result = await chat(server, ['hi', '-u'], {
      onStart: (child) => void child.stdout.once('data', () => child.kill('SIGINT')),
    });
    expect(result).toMatchObject({ code: 130, stdout: 'half an ans\n' });
    expect(result.stderr).toMatch(/^model · TestProvider · stopped · .*\$0\.0123 \(looked up\)\n$/);
    expect(server.requests.at(-1)?.url).toContain('/generation?id=gen-1');
    await closed;
  });

  test('before the first byte exits with 130 and prints nothing else', async () => {
    const server = await startApiServer(() => undefined);
    const result = await chat(server, ['hi', '-u'], {
      onStart: (child) =>
        void (async () => {
          await expect.poll(() => server.requests.length).toBe(1);
          child.kill('SIGINT');
        })(),
    });
    expect(result).toMatchObject({ code: 130, stdout: '', stderr: '' });
  });

  test('--json: the partial answer is still a single object', async () => {
    const server = await startApiServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: 'half' }));
    });
    const home = tempFolder();
    const result = await chat(server, ['hi', '--json', '-q'], {
      home,
      // The answer is stored as it arrives, so the history shows when half of it has been received.
      onStart: (child) => void halfIsStored(home).then(() => child.kill('SIGTERM')),
    });
    expect(result.code).toBe(130);
    expect(JSON.parse(result.stdout)).toMatchObject({ content: 'half', error: { kind: 'interrupted' } });
  });
});

const json = (status: number, body: object): Promise<ApiServer> =>
  startApiServer((_, response) => sendJson(response, status, body));
const html = (status: number): Promise<ApiServer> =>
  startApiServer(
    (_, response) =>
      void response.writeHead(status, { 'content-type': 'text/html' }).end('<html><body>Log in to the network</body></html>'),
  );
