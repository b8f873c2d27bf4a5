import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ApiServer, chunk, sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { IS_LONG } from '../../support/long-tests.ts';

const MB = 1_000_000;
const DONE = [
  chunk({ content: 'the end' }, {}, { finish_reason: 'stop' }),
  chunk({}, { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.002 } }),
  'data: [DONE]\n\n',
];

/** Answers with `count` deltas of the same text and then the end; a request without streaming gets everything at once. */
const serve = (
  text: string,
  count = 1,
  delta: (piece: string) => Record<string, unknown> = (content) => ({ content }),
): Promise<ApiServer> =>
  startApiServer(async (request, response) => {
    if (request.method === 'GET') return sendJson(response, 404, { error: { code: 404, message: 'unknown' } });
    if ((request.json() as { stream: boolean }).stream === false) {
      const message = { role: 'assistant', content: `${text.repeat(count)}the end` };
      return sendJson(response, 200, { id: 'gen-1', model: 'test/model', choices: [{ message, finish_reason: 'stop' }] });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const piece = Buffer.from(chunk(delta(text)));
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    for (let sent = 0; sent < count && !response.destroyed; sent += 1) {
      if (response.write(piece)) continue;
      await Promise.race([closed, new Promise<void>((resolve) => response.once('drain', resolve))]);
    }
    response.end(DONE.join(''));
  });

const environment = ({ url }: ApiServer): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef',
  OPENROUTER_BASE_URL: url,
  ORX_MODEL: 'test/model',
});

/** Runs the program with real pipes. */
const run = (server: ApiServer, args: readonly string[], home = tempFolder()): Promise<RunResult> =>
  runOrx(args, { home, env: environment(server), isAlone: true });
/** Runs it in a process that has loaded it, where it does not matter how the output is written. */
const runShared = (server: ApiServer, args: readonly string[], home = tempFolder()): Promise<RunResult> =>
  runOrx(args, { home, env: environment(server) });

/** Megabytes per chunk. Time or stack use that is quadratic in the length shows at the smaller size as well. */
const SIZE = IS_LONG ? 12 : 3;

/** Each in one chunk, of a kind that is hard for regular expressions and stacks. */
const CHUNKS: Readonly<Record<string, string>> = {
  'one line': 'x'.repeat(SIZE * MB),
  'quotes and backslashes': '"\\'.repeat((SIZE / 2) * MB),
  'combining marks': '\u0301'.repeat((SIZE / 2) * MB),
  emoji: '😀'.repeat((SIZE / 3) * MB),
  'line ends': `${'\n'.repeat(SIZE * MB)}.`,
};

describe('a chunk of several megabytes', () => {
  test.each(Object.keys(CHUNKS))('%s: all of it is printed, in text and in JSON', async (kind) => {
    const text = CHUNKS[kind]!;
    const server = await serve(text);
    const plain = await run(server, ['chat', 'hi']);
    expect(plain.stderr).toBe('');
    expect(plain.code).toBe(0);
    expect(plain.stdout === `${text}the end\n`).toBe(true);
    const json = await runShared(server, ['chat', 'hi', '--json']);
    expect((JSON.parse(json.stdout) as { content: string }).content === `${text}the end`).toBe(true);
  });

  test('in every kind of request', async () => {
    const text = CHUNKS['emoji']!;
    const server = await serve(text);
    const whole = await runShared(server, ['chat', 'hi', '--no-stream']);
    expect(whole.stdout === `${text}the end\n`).toBe(true);
    const lines = (await runShared(server, ['chat', 'hi', '-o', 'stream-json'])).stdout.trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { type: string; text?: string; content?: string });
    expect(parsed.map(({ text: piece = '' }) => piece).join('') === `${text}the end`).toBe(true);
    expect(parsed.at(-1)?.content === `${text}the end`).toBe(true);
    const compared = await runShared(server, ['compare', 'hi', '-m', 'a/one,b/two', '-q']);
    expect(compared.code).toBe(0);
    expect(compared.stdout.length).toBeGreaterThan(2 * text.length);
    const fenced = await serve(`\`\`\`\n${text}\n\`\`\`\n`);
    const block = await runShared(fenced, ['chat', 'hi', '-x']);
    expect(block.stderr).toBe('');
    expect(block.stdout.trimEnd() === text).toBe(true);
  });

  test.each<[string, (piece: string) => Record<string, unknown>]>([
    ['reasoning', (reasoning) => ({ reasoning })],
    [
      'arguments',
      (piece) => ({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: JSON.stringify({ piece }) } }] }),
    ],
    ['an image', (piece) => ({ images: [{ image_url: { url: `data:image/png;base64,${piece}` } }] })],
  ])('%s of that size is in the JSON', async (_name, delta) => {
    const server = await serve('A'.repeat(SIZE * MB), 1, delta);
    const { code, stdout } = await runShared(server, ['chat', 'hi', '--json']);
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(SIZE * MB);
    expect((JSON.parse(stdout) as { content: string }).content).toBe('the end');
  });
});

describe('a long answer', () => {
  test('needs less than three times its size in memory', async () => {
    const server = await serve('The quick brown fox jumps over the lazy dog.\n'.repeat(20_000), 120);
    const size = 45 * 20_000 * 120;
    const home = tempFolder();
    const [path, report] = [join(home, 'memory.mjs'), join(home, 'memory')];
    writeFileSync(
      path,
      // The peak of this program alone: the system's resource usage starts with that of the parent process.
      `import { readFileSync, writeFileSync } from 'node:fs';
      const highest = () => /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
      process.on('exit', () => writeFileSync(${JSON.stringify(report)}, highest()));`,
    );
    for (const args of [
      ['chat', 'hi'],
      ['chat', 'hi', '--json'],
    ]) {
      const result = await runOrx(args, {
        home,
        env: { ...environment(server), NODE_OPTIONS: `--import=${pathToFileURL(path).href}` },
      });
      expect(result.code).toBe(0);
      expect(result.stdout.length).toBeGreaterThan(size);
      expect(existsSync(report)).toBe(true);
      expect(Number(readFileSync(report, 'utf8')) * 1024).toBeLessThan(3 * size);
    }
  });

  test('that exceeds the limit ends there: orx prints the received part and the reason', async () => {
    const server = await serve('x'.repeat(8 * MB), 20);
    const { code, stdout, stderr } = await run(server, ['chat', 'hi']);
    expect(code).toBe(8);
    expect(stdout.length).toBeGreaterThan(128 * MB);
    expect(stderr).toContain('the response is larger than the maximum of 128 MB');
    expect(stderr.length).toBeLessThan(500);
  });

  test('with one event that is too large ends there, with the text before it', async () => {
    const server = await startApiServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${chunk({ content: 'before' })}${chunk({ content: 'x'.repeat(70 * MB) })}`);
    });
    const { code, stdout, stderr } = await run(server, ['chat', 'hi']);
    expect([code, stdout]).toEqual([8, 'before\n']);
    expect(stderr).toContain('an event of the stream is larger than the maximum of 64 MB');
  });

  test('is stored completely in the history, and copied with its conversation', async () => {
    const text = `${'A line of the answer, with "quotes" and 日本語.\n'.repeat(60_000)}`;
    const server = await serve(text, 2);
    const home = tempFolder();
    const { stdout } = await runShared(server, ['chat', 'hi', '--json'], home);
    const { session_id: session } = JSON.parse(stdout) as { session_id: string };
    const contentOf = async (id: string): Promise<string> => {
      const shown = await runShared(server, ['history', 'show', id, '-o', 'json'], home);
      const { messages } = JSON.parse(shown.stdout) as { messages: { role: string; content: string }[] };
      return messages.find(({ role }) => role === 'assistant')!.content;
    };
    expect((await contentOf(session)) === `${text.repeat(2)}the end`).toBe(true);
    const short = await serve('');
    const forked = await runShared(short, ['chat', '--session', session, '--fork', 'and then?', '--json'], home);
    expect(forked.code).toBe(0);
    const copy = (JSON.parse(forked.stdout) as { session_id: string }).session_id;
    expect(copy).not.toBe(session);
    expect((await contentOf(copy)) === `${text.repeat(2)}the end`).toBe(true);
    expect(short.requests.at(-1)?.json().messages[1].content === `${text.repeat(2)}the end`).toBe(true);
  });
});
