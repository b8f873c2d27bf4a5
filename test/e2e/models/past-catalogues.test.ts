import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer, type ApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const HOSTILE = 'evil/\u001b]0;owned\u0007\u001b[2J\u009b5m\u202eedoc\nnext';
const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
const MODEL = wireModel(
  'a/chat-4',
  {},
  {
    name: `Chat 4 ${HOSTILE}`,
    description: `A model of the fourth kind, which reads pictures and thinks. ${'It goes on about itself for a while. '.repeat(5)}${HOSTILE}`,
    architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'], tokenizer: 'GPT' },
    context_length: 131_072,
    pricing: {
      prompt: '0.00000027',
      completion: '0.0000011',
      input_cache_read: '0.00000007',
      request: '0.001',
      image: '0.0048',
      web_search: '0.005',
      overrides: [
        { min_prompt_tokens: 128_000, prompt: '0.00000054' },
        { utc_start: 1630, utc_end: 30, completion: '0.0000006' },
      ],
    },
    supported_parameters: ['tools', 'structured_outputs', 'seed'],
    reasoning: { mandatory: false, default_enabled: true, supported_efforts: ['high', 'low'], default_effort: 'low' },
    benchmarks: { artificial_analysis: { intelligence_index: 51.2, coding_index: 71 } },
    knowledge_cutoff: '2026-02-16',
    expiration_date: '2098-12-31',
    hugging_face_id: 'a/chat <4>',
  },
);
const ALIAS = wireModel('~a/chat-latest', {}, { alias_target: { slug: 'a/chat-5' } });
const CATALOGUE = [MODEL, wireModel('a/chat-5', {}, { created: 1_790_000_000 }), ALIAS, wireModel('b/plain')];

const endpoint = (provider: string, tag: string, price: string, more: Record<string, unknown> = {}) => ({
  provider_name: provider,
  tag,
  context_length: 131_072,
  max_completion_tokens: 16_384,
  quantization: 'fp8',
  pricing: { prompt: price, completion: '0.0000011' },
  uptime_last_30m: 99.96,
  latency_last_30m: { p50: 610, p99: 2343 },
  throughput_last_30m: { p50: 83 },
  ...more,
});
const ENDPOINTS = [
  endpoint('Slow', 'slow/fp8', '0.0000002', { latency_last_30m: { p50: 9000, p99: 22_000 }, uptime_last_30m: 90 }),
  endpoint('Quick', 'quick', '0.0000003', { quantization: null, context_length: 64_000 }),
  endpoint(HOSTILE, `tag/${HOSTILE}`, '0.0000004'),
];
const WITHOUT_SPEED = ENDPOINTS.map((one) => ({ ...one, latency_last_30m: null, throughput_last_30m: null }));

interface Api {
  models?: unknown[];
  endpoints?: unknown[] | number;
  zdr?: unknown[] | number;
}

/** Starts an API whose parts can be changed. A number makes a part fail with that status. */
async function serve(api: Api = {}): Promise<ApiServer & { api: Api }> {
  const server = await startApiServer(({ url }, response) => {
    const path = decodeURIComponent(url.split('?')[0]!);
    const give = (data: unknown): void => {
      if (typeof data === 'number') return sendJson(response, data, { error: { code: data, message: 'broken' } });
      return sendJson(response, 200, { data });
    };
    if (path.endsWith('/endpoints/zdr')) return give(api.zdr ?? [{ ...ENDPOINTS[1], model_id: 'a/chat-4' }]);
    if (path.endsWith('/endpoints')) {
      const list = api.endpoints ?? ENDPOINTS;
      return give(typeof list === 'number' ? list : { id: 'a/chat-4', endpoints: list });
    }
    return give(api.models ?? CATALOGUE);
  });
  return { ...server, api };
}

const orx = ({ url }: ApiServer, args: readonly string[], home = tempFolder()): Promise<RunResult> =>
  runOrx(args, { home, env: { OPENROUTER_BASE_URL: url } });

describe('models show', () => {
  test('all facts of the model, each price in its unit, then its providers; external text has no effect', async () => {
    const { code, stdout, stderr } = await orx(await serve(), ['models', 'show', 'chat-4']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(ACTIVE);
    const facts = stdout.split('\n').map((line) => line.replace(/ {3,}/g, ' | '));
    for (const line of [
      '$ per million | in 0.27 | cached in 0.07 | out 1.10',
      '$ for other | $0.001 per request | $0.0048 per image | $0.005 per search',
      '$ above 128k tokens | in 0.54',
      '$ 16:30–00:30 UTC | out 0.60',
      'limits | 131,072 tokens of context | 16,384 output tokens at most',
      'can | tools | structured output | reasoning | vision | caching',
      'cannot | files | audio',
      'parameters | seed | structured_outputs | tools',
      'reasoning | by default | efforts high, low (default low)',
      'benchmarks | intelligence 51.2 | coding 71 | (Artificial Analysis)',
      'knowledge cutoff | 2026-02-16',
      'links | https://huggingface.co/a/chat%20%3C4%3E',
    ]) {
      expect(facts).toContain(line);
    }
    expect(stdout).toMatch(/^warning: will be removed on 2098-12-31, in [\d,]+ days; the latest of its family: a\/chat-5$/m);
    expect(stdout).toMatch(/^Quick +quick +\? +64k +16k +0\.30 +1\.10 +– +0\.61 +2\.34 +83 +99\.9 +zdr$/m);
    expect(stdout).toMatch(/^Slow +slow\/fp8 +fp8 +131k +16k +0\.20 +1\.10 +– +9\.00 +22\.0 +83 +90\.0 +not zdr$/m);
  });

  test("--json is exactly the API's data; -o markdown is escaped", async () => {
    const server = await serve();
    const home = tempFolder();
    const { stdout } = await orx(server, ['models', 'show', 'a/chat-4', '--json'], home);
    expect(JSON.parse(stdout)).toEqual({
      model: MODEL,
      successor: 'a/chat-5',
      endpoints: ENDPOINTS.map((one) => ({ ...one, zdr: one.tag === 'quick', measured: null })),
    });
    const { stdout: markdown } = await orx(server, ['models', 'show', 'a/chat-4', '-o', 'markdown'], home);
    expect(markdown).toMatch(/^# a\/chat-4\n\nChat 4 evil/);
    expect(markdown).toContain('- **$ per million**: in 0.27 · cached in 0.07 · out 1.10\n');
    expect(markdown).toContain('| Quick | quick | ? |');
    expect(markdown).not.toMatch(/<U\+/);
    expect(markdown).not.toMatch(ACTIVE);
  });

  test('an API without endpoints or policies omits only that part', async () => {
    const home = tempFolder();
    const broken = await orx(await serve({ endpoints: 404 }), ['models', 'show', 'b/plain'], home);
    expect(broken.code).toBe(0);
    expect(broken.stdout).toContain('b/plain');
    expect(broken.stderr).toMatch(/^warning: no endpoints: /);
    const { stdout, stderr } = await orx(await serve({ zdr: 500, endpoints: WITHOUT_SPEED }), ['models', 'show', 'b/plain']);
    expect(stdout).toMatch(/^Quick .* – +– +– +99\.9 +\?$/m);
    expect(stderr).toBe('the API returns latency and throughput only with a key: orx auth login\n');
    // With a key, the API has none.
    const { url } = await serve({ endpoints: WITHOUT_SPEED });
    const env = { OPENROUTER_BASE_URL: url, OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
    expect(await runOrx(['models', 'show', 'b/plain'], { home: tempFolder(), env })).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([80, 120, 200])(
    'on a terminal of %i columns nothing is wider than the screen, and the pins are complete',
    async (columns) => {
      const { url } = await serve();
      const run = openTerminal(['models', 'show', 'a/chat-4'], { columns, env: { OPENROUTER_BASE_URL: url } });
      expect(await run.exit).toBe(0);
      const lines = (await run.everything()).join('\n').trimEnd().split('\n');
      for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
      expect(lines[0]).toMatch(/^ {2}a\/chat-4 {3}Chat 4/);
      expect(lines.some((line) => line.includes('slow/fp8') && line.includes('0.20'))).toBe(true);
      expect(lines.some((line) => line.includes('p99 s'))).toBe(columns > 120);
      expect(run.raw()).not.toContain('owned\u0007');
      expect(run.raw()).not.toContain('\u001b[2J');
    },
  );
});

describe('endpoints', () => {
  test("in the API's order, or sorted, and filtered", async () => {
    const server = await serve();
    const home = tempFolder();
    const tags = async (...args: string[]): Promise<string[]> => {
      const { code, stdout, stderr } = await orx(server, ['endpoints', 'chat-4', '--json', ...args], home);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return (JSON.parse(stdout) as { tag: string }[]).map(({ tag }) => tag.split('/')[0]!);
    };
    expect(await tags()).toEqual(['slow', 'quick', 'tag']);
    expect(await tags('--sort', 'latency', '--reverse')).toEqual(['slow', 'quick', 'tag']);
    expect(await tags('--sort', 'price', '--min-context', '100k')).toEqual(['slow', 'tag']);
    expect(await tags('--sort', 'price', '--reverse', '--blend', '0:1')).toEqual(['quick', 'slow', 'tag']);
    expect(await tags('--max-price', '0.3,2', '--quantization', 'FP8')).toEqual(['slow']);
    expect(await tags('--zdr')).toEqual(['quick']);
  });

  test('the table, its count on standard error, and CSV', async () => {
    const server = await serve();
    const home = tempFolder();
    const { stdout, stderr } = await orx(server, ['endpoints', 'a/chat-4', '--zdr'], home);
    expect(stderr).toBe('a/chat-4: 1 of 3 endpoints, just fetched\n');
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    const csv = await orx(server, ['endpoints', 'a/chat-4', '-o', 'csv', '--sort', 'name'], home);
    expect(csv.stdout).toContain('\nQuick,quick,,64000,16384,0.0000003,0.0000011,,99.96,610,2343,83,true,,,\n');
    // A program receives the API's text unchanged; on a terminal orx shows the control characters visibly.
    expect(csv.stdout).toContain(`"${HOSTILE}","tag/${HOSTILE}",`);
  });

  test('--zdr without the list is a failure, not an empty result', async () => {
    const { code, stdout } = await orx(await serve({ zdr: 403 }), ['endpoints', 'a/chat-4', '--zdr']);
    expect({ isOk: code === 0, stdout }).toEqual({ isOk: false, stdout: '' });
  });

  test.each([80, 120])('on a terminal of %i columns', async (columns) => {
    const { url } = await serve();
    const run = openTerminal(['endpoints', 'a/chat-4'], { columns, env: { OPENROUTER_BASE_URL: url } });
    expect(await run.exit).toBe(0);
    const lines = (await run.everything()).join('\n').trimEnd().split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
    expect(lines).toHaveLength(5);
  });
});

test("local measurements are next to the catalogue's values", async () => {
  const home = tempFolder();
  const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: '1000' };
  const model = 'deepseek/deepseek-chat';
  expect((await runOrx(['chat', '-q', '-m', model, 'hello'], { home, env })).code).toBe(0);
  const { stdout } = await runOrx(['endpoints', model], { home, env });
  expect(stdout).toMatch(/^provider .* my p50 s +my tok\/s +samples$/m);
  expect(stdout).toMatch(/^DeepInfra .* zdr +\d+\.\d\d +[\d.]+ +1$/m);
  expect(stdout).toMatch(/^Chutes .* not zdr +– +– +–$/m);
});

test.each([
  [['models', 'show', 'nothing-like-it'], 6, 'orx models WORDS'],
  [['endpoints', 'chat-6'], 6, 'did you mean a/chat-4, a/chat-5?'],
  [['endpoints', 'a/chat-4', '-o', 'xml'], 2, 'table, json, csv, markdown'],
  [['endpoints', 'a/chat-4', '--json', '-o', 'csv'], 2, '--json and -o csv cannot be combined'],
  [['endpoints', 'a/chat-4', '--sort', 'beauty'], 2, 'throughput'],
  [['endpoints', 'a/chat-4', '--max-price', 'cheap'], 2, 'max-price'],
  [['models', 'show', 'a/chat-4', '--limit', '3'], 2, 'orx models show does not support --limit'],
  [['models', 'diff', 'a', 'b', 'c'], 2, 'orx models diff A B'],
  [['models', 'diff', '7d', '--since', '7d'], 2, '--since'],
  [['models', 'diff', '--since', 'ever'], 2, '--since'],
  [['models', 'diff', 'no-such-file.json'], 2, 'not a file or a time'],
  [['models', 'diff', '7d'], 1, 'orx models --refresh'],
  [['price', '--history', 'a/chat-4'], 1, 'no past price of a/chat-4 is stored yet'],
  [['price', 'b/plain', '--history', 'a/chat-4'], 2, '--history needs exactly one model, not 2'],
  [['price', '--history'], 2, '--history needs exactly one model, not none'],
])('%j exits with %i', async (args, code, told) => {
  const result = await orx(await serve(), args);
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
  expect(result.stderr).toContain(told);
});

describe('past catalogues', () => {
  test('fetched catalogues are stored, shown as a diff and a history, and listed with their size', async () => {
    const server = await serve();
    const home = tempFolder();
    expect((await orx(server, ['models'], home)).code).toBe(0);
    expect(existsSync(join(home, 'data', 'market.sqlite'))).toBe(true);
    server.api.models = [
      { ...MODEL, pricing: { ...(MODEL['pricing'] as object), prompt: '0.00000054' }, context_length: 64_000 },
      wireModel('c/new', { in: '0', out: '0' }),
      ALIAS,
      CATALOGUE[1],
    ];
    await orx(server, ['models', '--refresh'], home);

    const { code, stdout, stderr } = await orx(server, ['models', 'diff'], home);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^[\d-]+ [\d:]+ → now: 1 new, 1 gone, 1 repriced, 1 with other limits, 0 to be removed within 30 days\nwarning: the oldest snapshot is from /,
    );
    expect(
      stdout
        .split('\n')
        .map((line) => line.replace(/ {2,}/g, ' | '))
        .slice(1, -1),
    ).toEqual([
      'c/new | in / out | free | new',
      'b/plain | in / out | 0.27 / 1.10 | gone',
      'a/chat-4 | in | 0.27 | 0.54 | +100%',
      'a/chat-4 | context | 131,072 | 64,000',
    ]);

    const history = await orx(server, ['price', '--history', 'chat-4'], home);
    expect(history.stderr).toBe('a/chat-4: 1 change of price seen\n');
    expect(history.stdout).toMatch(/^in \$\/M +▁+█* +last 0\.54 · least 0\.27 · most 0\.54 · \+100%$/m);
    expect(history.stdout).toMatch(/0\.54 +1\.10 +0\.07 +in \+100%$/m);
    expect(await orx(server, ['price', 'chat-4', '--history'], home)).toEqual(history);
    const gone = JSON.parse((await orx(server, ['price', '--history', 'b/plain', '--json'], home)).stdout);
    expect(gone).toMatchObject({
      model: 'b/plain',
      steps: [{ came_back: false, pricing: { prompt: '0.00000027' }, changes: [] }],
    });

    const list = await orx(server, ['models', 'diff', '--list'], home);
    expect(list.stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(list.stderr).toMatch(/^2 snapshots since [\d-]+, [\d.]+ KB at .*market\.sqlite\n$/);
  });

  test('two saved catalogues, in each format', async () => {
    const server = await serve();
    const home = tempFolder();
    writeFileSync(join(home, 'before.json'), JSON.stringify({ data: [wireModel('a/x', { in: '0.3' })] }));
    writeFileSync(
      join(home, 'after.json'),
      JSON.stringify({ data: [wireModel('a/x', { in: '0.1' }), wireModel(`=${HOSTILE}`)] }),
    );
    writeFileSync(join(home, 'page.html'), '<html>');
    const diff = (...args: string[]) => orx(server, ['models', 'diff', ...args], home);
    const { stdout } = await diff('before.json', 'after.json', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      from: { name: 'before.json', models: 1 },
      added: [{ id: `=${HOSTILE}` }],
      repriced: [
        { id: 'a/x', changes: [{ price: 'prompt', unit: 'token', before: '0.3', after: '0.1', percent: '-66.666667' }] },
      ],
    });
    const csv = await diff('before.json', 'after.json', '-o', 'csv');
    expect(csv.stdout).toContain('\nprice,a/x,prompt,,token,0.3,0.1,-66.666667\n');
    expect(csv.stdout).toContain(`new,"'=evil`);
    const markdown = await diff('before.json', 'after.json', '-o', 'markdown');
    expect(markdown.stdout).toMatch(/^\| a\/x \| in \| 300000\.00 \| 100000\.00 \| -67% \|$/m);
    expect(markdown.stdout).not.toMatch(ACTIVE);
    const page = await diff('before.json', 'page.html');
    expect([page.code, page.stderr]).toEqual([
      2,
      expect.stringContaining('page.html is not a saved model catalog: received a web page'),
    ]);
    expect(server.requests).toEqual([]);
  });

  test('a damaged file does not lose the catalogue; only commands about the past report it, and it stays unchanged', async () => {
    const server = await serve();
    const home = tempFolder();
    const path = join(home, 'data', 'market.sqlite');
    mkdirSync(join(home, 'data'));
    writeFileSync(path, 'no database '.repeat(500));
    expect(await orx(server, ['models', 'plain'], home)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^1 of 4 models from 127\.0\.0\.1:\d+, just fetched\n$/),
    });
    const { code, stderr } = await orx(server, ['models', 'diff'], home);
    expect([code, stderr]).toEqual([1, expect.stringContaining(path)]);
    expect(readFileSync(path, 'utf8')).toMatch(/^no database/);
  });

  test('a folder that cannot be created does not lose the catalogue', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'data'), 'in the way');
    expect((await orx(await serve(), ['models'], home)).code).toBe(0);
  });
});
