import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer, type ApiServer, type Handler } from '../../support/api-server.ts';
import { outputs, wireModel } from '../../support/catalogue.ts';
import { wireEndpoint } from '../../support/quotes.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { orxPaths } from '../../../src/storage/paths.ts';
import { makeEntry } from '../../support/ledger-report.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const CATALOGUE = [
  wireModel('openai/gpt-4o', { in: '0.0000025', out: '0.00001' }),
  wireModel('deepseek/deepseek-chat'),
  wireModel('qwen/qwen3-coder:free', { in: '0', out: '0' }),
  wireModel('openrouter/auto', { in: '-1', out: '-1' }),
  wireModel('google/veo', { in: '0', out: '0' }, outputs('video')),
  wireModel('tiny/long', { in: '0.00000008333333333333334', out: '0.0000009' }),
  wireModel(
    'tiers/tiered',
    {},
    {
      pricing: {
        prompt: '0.000003',
        completion: '0.000015',
        overrides: [
          { min_prompt_tokens: 200_000, prompt: '0.000006' },
          { moon_phase: 'full', prompt: '9' },
        ],
      },
    },
  ),
];

const ENDPOINTS: Record<string, unknown[]> = {
  'deepseek/deepseek-chat': [
    wireEndpoint('novita/fp8', { prompt: '0.00000028', completion: '0.00000114', input_cache_read: '0.00000007' }),
    wireEndpoint('chutes', { prompt: '0.0000002', completion: '0.0000008' }, { quantization: 'fp4', context_length: 5000 }),
    wireEndpoint('deepinfra/bf16', { prompt: '0.00000027', completion: '0.0000011' }, { quantization: 'bf16' }),
  ],
};
const ZDR = [{ ...wireEndpoint('deepinfra/bf16', {}), model_id: 'deepseek/deepseek-chat' }];

/** An API whose models have one endpoint at the catalogue's price, unless the table above says otherwise. */
const answer: Handler = ({ url }, response) => {
  const [, id] = /\/models\/(.+)\/endpoints$/.exec(decodeURIComponent(url)) ?? [];
  if (new URL(url, 'http://api').pathname.endsWith('/models')) return sendJson(response, 200, { data: CATALOGUE });
  if (url.endsWith('/endpoints/zdr')) return sendJson(response, 200, { data: ZDR });
  const model = CATALOGUE.find((one) => one['id'] === id);
  if (model === undefined) return sendJson(response, 404, { error: { code: 404, message: 'not found' } });
  const own = wireEndpoint('solo', model['pricing'] as Record<string, unknown>, {
    provider_name: 'Solo',
    context_length: null,
  });
  return sendJson(response, 200, { data: { id, endpoints: ENDPOINTS[id!] ?? [own] } });
};

const serve = (): Promise<ApiServer> => startApiServer(answer);

async function price(...args: string[]): Promise<RunResult> {
  const { url } = await serve();
  return runOrx(['price', ...args], { env: { OPENROUTER_BASE_URL: url } });
}

/** Returns the cells of a plain table. */
const cells = (stdout: string): string[][] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));

describe('in a pipe', () => {
  test('cheapest first with every digit; variable prices are last and marked', async () => {
    const { code, stdout, stderr } = await price(
      'openrouter/auto',
      'openai/gpt-4o',
      'google/veo',
      'deepseek-chat',
      'tiny/long',
      'coder:free',
      '--in',
      '1200',
      '--out',
      '400',
    );
    expect(code).toBe(0);
    expect(stderr).toBe('1,200 tokens in · 400 out · prices just fetched\n');
    expect(cells(stdout)).toEqual([
      ['model', 'from', 'to', 'cheapest at', '×', 'most expensive at', 'in', 'out'],
      ['qwen/qwen3-coder:free', 'free', 'free', 'Solo', '–', '–', '$0', '$0'],
      [
        'tiny/long',
        '$0.000460000000000000008',
        '$0.000460000000000000008',
        'Solo',
        '1.0',
        '–',
        '$0.000100000000000000008',
        '$0.00036',
      ],
      ['deepseek/deepseek-chat', '$0.00056', '$0.000792', 'CHUTES', '1.2', 'NOVITA', '$0.00024', '$0.00032'],
      ['openai/gpt-4o', '$0.007', '$0.007', 'Solo', '15.2', '–', '$0.003', '$0.004'],
      ['google/veo', 'not per token', '–', '–', '–', '–', '–', '–'],
      ['openrouter/auto', 'varies', '–', '–', '–', '–', '–', '–'],
    ]);
    expect(stdout).not.toContain('\u001b');
  });

  test('assumptions are stated', async () => {
    const { stderr, stdout } = await price('deepseek/deepseek-chat');
    expect(stderr).toContain('1,000 tokens in (--in) · 1,000 out (--out)');
    expect(stdout).toContain('$0.001 ');
  });

  test('a long prompt costs the long-prompt price, and an unknown condition is skipped', async () => {
    const { stdout } = await price('tiered', '--in', '200_001', '--out', '1k', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ cost: '1.215006', parts: { input: '1.200006', output: '0.015', request: '0' } }]);
  });

  test('--json is an array of exact amounts and nothing else', async () => {
    const { code, stdout, stderr } = await price(
      'openrouter/auto',
      'tiny/long',
      'google/veo',
      '--in',
      '1.2k',
      '--out',
      '0',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const workload = { prompt_tokens: 1200, completion_tokens: 0 };
    const nothing = { cost: null, currency: 'USD', parts: null, workload, multiple: null };
    expect(JSON.parse(stdout)).toMatchObject([
      {
        model: 'tiny/long',
        cost: '0.000100000000000000008',
        currency: 'USD',
        parts: { input: '0.000100000000000000008', output: '0', request: '0' },
        workload,
        varies: false,
        per_token: true,
        multiple: '1',
      },
      { model: 'google/veo', ...nothing, varies: false, per_token: false },
      { model: 'openrouter/auto', ...nothing, varies: true, per_token: true },
    ]);
  });

  test('unknown models: exit 6, all of them reported at once with similar names, nothing on stdout', async () => {
    const { code, stdout, stderr } = await price('openai/gpt-4p', 'deepseek/deepseek-chat', 'dipseek-chat');
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain('"openai/gpt-4p", "dipseek-chat"');
    expect(stderr).toContain('openai/gpt-4p → openai/gpt-4o · dipseek-chat → deepseek/deepseek-chat');
    expect(stderr).toContain('orx models');
  });

  test.each([[['--in', '-5']], [['--in', 'many']], [['--out', '1.5']], [['--out', '1e3']], [['--in', '']]])(
    '%j is a usage error: exit 2',
    async (args) => {
      const { code, stdout, stderr } = await price('openai/gpt-4o', ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`${args[0]} must be a number of tokens`);
    },
  );

  test('without model names: all that pass the filters; the filters apply to named models as well', async () => {
    const ids = (stdout: string): string[] => (JSON.parse(stdout) as { model: string }[]).map(({ model }) => model);
    expect(ids((await price('--json')).stdout)).toHaveLength(CATALOGUE.length);
    expect(ids((await price('--free', '--json')).stdout)).toEqual(['qwen/qwen3-coder:free']);
    expect(ids((await price('gpt-4o', 'deepseek-chat', '--max-input-price', '1', '--json')).stdout)).toEqual([
      'deepseek/deepseek-chat',
    ]);
  });

  test('many models: the catalogue’s price with a notice, and no endpoint requests', async () => {
    const many = Array.from({ length: 21 }, (_, index) => wireModel(`many/model-${index}`));
    const { url, requests } = await startApiServer((_, response) => sendJson(response, 200, { data: many }));
    const { code, stdout, stderr } = await runOrx(['price', '--in', '1000', '--out', '0'], { env: { OPENROUTER_BASE_URL: url } });
    expect(code).toBe(0);
    expect(stderr).toContain('more than 20 models: catalog prices');
    expect(cells(stdout)[0]).toEqual(['model', 'cost', '×', 'in', 'out']);
    expect(requests).toHaveLength(1);
  });

  test('an unreachable network without a stored copy exits with 8', async () => {
    const { url } = await startApiServer((_, response) => void response.destroy());
    const { code, stdout } = await runOrx(['price', 'a/b', '--retries', '0'], { env: { OPENROUTER_BASE_URL: url } });
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  });

  test('a hostile name from the command line has no effect', async () => {
    const { code, stderr } = await price('\u001b]0;owned\u0007\u001b[2J');
    expect(code).toBe(6);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('on a terminal', () => {
  test.each([60, 80, 120, 200])('%i columns: nothing wraps, bars if there is room', async (columns) => {
    const { url } = await serve();
    const args = [
      'price',
      'deepseek/deepseek-chat',
      'openai/gpt-4o',
      'openrouter/auto',
      'google/veo',
      '--in',
      '1200',
      '--out',
      '400',
    ];
    const terminal = openTerminal(args, { columns, env: { OPENROUTER_BASE_URL: url } });
    expect(await terminal.exit).toBe(0);
    const lines = (await terminal.everything()).filter((line) => line !== '');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('  1,200 tokens in · 400 out · prices just fetched');
    expect(lines[2]).toMatch(/^ {2}deepseek\/deepseek-chat +\$0\.000560 +\$0\.000792/);
    expect(lines[3]).toMatch(/^ {2}openai\/gpt-4o +\$0\.00700 +\$0\.00700/);
    expect(/CHUTES +1\.0/.test(lines[2]!)).toBe(columns >= 80);
    expect(lines.at(-1)).toMatch(/^ {2}openrouter\/auto +varies/);
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
    expect(lines[3]!.includes('████████████')).toBe(columns >= 120);
    expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/);
  });
});

describe('the range', () => {
  const quoteOf = async (...args: string[]): Promise<Record<string, any>> => {
    const { code, stdout, stderr } = await price('deepseek-chat', '--in', '1000', '--out', '1000', '--json', ...args);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return { ...(JSON.parse(stdout) as Record<string, any>[])[0], stderr };
  };
  const stored = (quote: Record<string, any>): string[] => quote['endpoints'].map(({ tag }: { tag: string }) => tag);

  test.each<[string[], string[]]>([
    [[], ['chutes', 'deepinfra/bf16', 'novita/fp8']],
    [
      ['--only', 'novita,chutes'],
      ['chutes', 'novita/fp8'],
    ],
    [
      ['--ignore', 'chutes'],
      ['deepinfra/bf16', 'novita/fp8'],
    ],
    [['--provider', 'novita', '--no-provider-fallbacks'], ['novita/fp8']],
    [
      ['--provider', 'novita'],
      ['chutes', 'deepinfra/bf16', 'novita/fp8'],
    ],
    [
      ['--max-price', '0.27,1.1'],
      ['chutes', 'deepinfra/bf16'],
    ],
    [
      ['--quantization', 'bf16,fp8'],
      ['deepinfra/bf16', 'novita/fp8'],
    ],
    [['--zdr'], ['deepinfra/bf16']],
    [['--data-policy', 'strict'], ['deepinfra/bf16']],
    [
      ['--route-by', 'throughput'],
      ['chutes', 'deepinfra/bf16', 'novita/fp8'],
    ],
  ])('%j', async (args, tags) => expect(stored(await quoteOf(...args))).toEqual(tags));

  test('data that the API does not provide is reported: which providers train on prompts', async () => {
    expect((await quoteOf('--data-policy', 'strict'))['stderr']).toContain(
      'the API does not say which endpoints train on prompts',
    );
  });

  test('the reasons for leaving out endpoints are above the table', async () => {
    const { stderr } = await price('deepseek-chat', '--in', '6000', '--out', '1', '--ignore', 'novita');
    expect(stderr).toContain('deepseek/deepseek-chat: 2 of 3 endpoints left out: in --ignore (1), context of 5000 tokens (1)');
    const none = await price('deepseek-chat', '--only', 'groq');
    expect(none.code).toBe(0);
    expect(none.stdout).toContain('no endpoint');
    expect(none.stderr).toContain('warning: deepseek/deepseek-chat: 3 of 3 endpoints left out: not in --only (3)');
  });

  test('if endpoints are unavailable: the catalogue’s price, and a notice', async () => {
    const { url } = await startApiServer((request, response) =>
      request.url.includes('/models?')
        ? sendJson(response, 200, { data: CATALOGUE })
        : sendJson(response, 404, { error: { code: 404, message: 'no' } }),
    );
    const { code, stdout, stderr } = await runOrx(['price', 'deepseek-chat', '--in', '1200', '--out', '400', '--zdr'], {
      env: { OPENROUTER_BASE_URL: url },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('$0.000764');
    expect(stderr).toContain('warning: no endpoints known of deepseek/deepseek-chat; using the catalog price');
    expect(stderr).toContain('warning: unknown which endpoints have zero data retention');
  });

  test('without a network: stored endpoints of any age, with a notice', async () => {
    const home = tempFolder();
    let isUp = true;
    const { url } = await startApiServer((request, response) => (isUp ? answer(request, response) : void response.destroy()));
    const args = ['price', 'deepseek-chat', '--in', '1200', '--out', '400', '--retries', '0'];
    const env = { OPENROUTER_BASE_URL: url };
    const before = await runOrx(args, { home, env });
    // The stored copy is one hour old.
    const cache = join(home, 'cache');
    const then = new Date(Date.now() - 3_600_000);
    for (const name of readdirSync(cache)) {
      const path = join(cache, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"fetchedAt":\d+/, `"fetchedAt":${then.getTime()}`));
    }
    isUp = false;
    const after = await runOrx(args, { home, env });
    expect({ code: after.code, stdout: after.stdout }).toEqual({ code: 0, stdout: before.stdout });
    expect(after.stderr).toContain('warning: could not reach the API');
    expect(after.stderr).toContain('warning: endpoints are a stored copy, up to 60 min old');
  });

  test('shares, reasoning, searches and a month', async () => {
    const quote = await quoteOf(
      '--only',
      'novita',
      '--cached',
      '80%',
      '--cache-write',
      '0.1',
      '--reasoning',
      '500',
      '--requests',
      '10_000',
    );
    expect(quote).toMatchObject({
      workload: {
        prompt_tokens: 1000,
        cached_tokens: 800,
        cache_write_tokens: 100,
        completion_tokens: 1500,
        reasoning_tokens: 500,
      },
      parts: { input: '0.000028', cache_read: '0.000056', cache_write: '0.000028', output: '0.00114', reasoning: '0.00057' },
      cost: '0.001822',
      month: { requests: 10_000, low: '18.22', high: '18.22' },
    });
  });
});

describe('the workload', () => {
  const SKY = 'Why is the sky blue?';
  const tokensOf = ({ stdout, stderr, code }: RunResult): number => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return (JSON.parse(stdout) as { workload: { prompt_tokens: number } }[])[0]!.workload.prompt_tokens;
  };
  const run = async (args: string[], options: Parameters<typeof runOrx>[1] = {}): Promise<RunResult> => {
    const { url } = await serve();
    return runOrx(['price', 'openai/gpt-4o', ...args], { ...options, env: { OPENROUTER_BASE_URL: url } });
  };

  test('a prompt, a file, standard input and a system prompt are counted, each with its message overhead', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'sky.txt'), SKY);
    const alone = tokensOf(await run(['--prompt', SKY, '--json']));
    expect(alone).toBe(6 + 7);
    expect(tokensOf(await run(['-f', 'sky.txt', '--json'], { home }))).toBe(alone);
    expect(tokensOf(await run(['--json'], { stdin: `${SKY}\n` }))).toBe(alone);
    expect(tokensOf(await run(['-f', '-', '--json'], { stdin: SKY }))).toBe(alone);
    // The empty lines between them belong to the preceding mark.
    expect(tokensOf(await run(['-f', 'sky.txt', '-f', 'sky.txt', '--prompt', SKY, '--json'], { home, stdin: SKY }))).toBe(
      4 * 6 + 7,
    );
    expect(tokensOf(await run(['--prompt', SKY, '--system', 'Be brief.', '--json']))).toBe(alone + 3 + 4);
    expect(tokensOf(await run(['--system', 'Be brief.', '--json']))).toBe(3 + 7);
  });

  test('a prompt on standard input and --in conflict; an empty input does not', async () => {
    const { code, stdout, stderr } = await run(['--in', '50', '--json'], { stdin: SKY });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--in cannot be combined with a prompt on standard input[^]+< \/dev\/null/);
    for (const stdin of ['', '\n', undefined]) expect(tokensOf(await run(['--in', '50', '--json'], { stdin }))).toBe(50);
  });

  test('without --out every model is quoted for an answer of the same length, whatever is in the ledger', async () => {
    const home = tempFolder();
    const ledger = await openLedger({ folder: orxPaths({ ORX_HOME: home }).data, name: 'ledger' });
    const lengths = { 'openai/gpt-4o': 50, 'deepseek/deepseek-chat': 4000 };
    for (const [servedModel, completionTokens] of Object.entries(lengths)) {
      ledger.import(Array.from({ length: 6 }, () => makeEntry(Date.now() - 60_000, { servedModel, completionTokens })));
    }
    ledger.close();
    const quote = async (...args: string[]) => {
      const { url } = await serve();
      return runOrx(['price', ...Object.keys(lengths), ...args], { home, env: { OPENROUTER_BASE_URL: url } });
    };
    const workloads = async (...args: string[]): Promise<any[]> =>
      JSON.parse((await quote('--json', ...args)).stdout).map(({ workload }: any) => workload);
    expect(await workloads()).toMatchObject([
      { completion_tokens: 1000, output_from: 'default' },
      { completion_tokens: 1000, output_from: 'default' },
    ]);
    expect((await quote()).stderr).toContain('· 1,000 out (the same for all models: --out) ·');
    expect((await workloads('--out', 'usual')).map((one) => one.completion_tokens).toSorted()).toEqual([4000, 50]);
  });

  test('a silent standard input does not block the quote forever, and with --in not at all', async () => {
    const { code, stdout, stderr } = await run(['--out', '5', '--json'], { stdin: 'idle' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(stderr).toContain('standard input sent nothing');
    expect((await run(['--in', '5', '--out', '5', '--json'], { stdin: 'idle' })).stderr).toBe('');
  });

  test('the tokenizer is named, and counts for other models are called an estimate', async () => {
    const { stderr } = await price('openai/gpt-4o', 'deepseek-chat', '--prompt', SKY);
    expect(stderr).toContain("13 tokens in (counted with o200k; an estimate for other families than OpenAI's, -5 to +6%)");
    expect((await price('openai/gpt-4o', '--prompt', SKY)).stderr).toContain('13 tokens in (counted with o200k) ·');
  });

  test('images: from a file, and a number of the usual size; a model without image input is reported', async () => {
    const home = tempFolder();
    const png = Buffer.alloc(33);
    png.write('89504e470d0a1a0a0000000d49484452', 'hex');
    png.writeUInt32BE(2048, 16);
    png.writeUInt32BE(4096, 20);
    writeFileSync(join(home, 'a.png'), png);
    const { url } = await startApiServer(({ url: path }, response) =>
      path.includes('/models?')
        ? sendJson(response, 200, {
            data: [
              wireModel(
                'openai/gpt-4o',
                { in: '1', out: '0' },
                { architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } },
              ),
            ],
          })
        : sendJson(response, 404, {}),
    );
    const args = ['price', 'openai/gpt-4o', '-a', 'a.png', '--images', '2', '--in', '0', '--out', '0', '--json'];
    const { stdout } = await runOrx(args, { home, env: { OPENROUTER_BASE_URL: url } });
    expect(JSON.parse(stdout)).toMatchObject([
      { workload: { images: 3, image_tokens: 1105 + 2 * 765 }, parts: { images: '2635', input: '0' }, cost: '2635' },
    ]);
    const blind = await price('deepseek-chat', '--images', '1');
    expect(blind.stderr).toContain('3 of 3 endpoints left out: accepts no images (3)');
  });

  test.each<[string[], string]>([
    [['-f', 'absent.txt'], 'absent.txt does not exist'],
    [['-f', '.'], '. is a folder'],
    [['-f', '/dev/zero'], '/dev/zero is a device or a pipe, not a file'],
    [['-f', '\u001b[2J'], '␛[2J does not exist'],
    [['-a', '/dev/null'], '/dev/null is a device or a pipe, not a file'],
    [['--in', '5', '--prompt', 'x'], '--in cannot be combined with --prompt or -f'],
    [['--cached', '80'], '--cached must be a share'],
    [['--cached', '80%', '--cache-write', '21%'], 'more than the whole prompt'],
    [['--requests', '0'], '--requests must be a whole number from 1'],
    [['--images', '-1'], '--images must be a whole number from 0'],
    [['--search', 'cats'], '--search must be a whole number from 0'],
    [['--reasoning', 'much'], '--reasoning must be a number of tokens'],
    [['--chart', '-o', 'csv'], '--chart cannot be combined with -o csv'],
    [['--json', '-o', 'csv'], '--json and -o csv cannot be combined'],
    [['--against', 'beauty'], 'beauty'],
  ])('%j is a usage error', async (args, message) => {
    const { code, stdout, stderr } = await price('openai/gpt-4o', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('other formats', () => {
  test('CSV and Markdown', async () => {
    const csv = await price('deepseek-chat', '--in', '1200', '--out', '400', '-o', 'csv');
    expect(csv.stdout.split('\n')[1]).toBe(
      'deepseek/deepseek-chat,amount,0.00056,0.000792,CHUTES,chutes,NOVITA,novita/fp8,1200,0,400,0.00024,0,0,0,0.00032,0,0,0',
    );
    expect(csv.stderr).toBe('');
    const markdown = await price('deepseek-chat', '--in', '1200', '--out', '400', '-o', 'markdown');
    expect(markdown.stdout).toContain('| deepseek/deepseek-chat | $0.00056 | $0.000792 | CHUTES | 1.0 | NOVITA |');
  });

  test.each([60, 80, 120, 200])('the chart on a terminal of %i columns: nothing wraps', async (columns) => {
    const { url } = await serve();
    const args = ['price', '--chart', '--in', '1200', '--out', '400'];
    const terminal = openTerminal(args, { columns, env: { OPENROUTER_BASE_URL: url } });
    expect(await terminal.exit).toBe(0);
    const lines = await terminal.everything();
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
    expect(lines.some((line) => /^ {2}deepseek\/deepseek-chat .*\$0\.000560 – \$0\.000792 {2}█/.test(line))).toBe(columns >= 80);
    expect(lines.join('\n')).toContain('cost against context');
    expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/);
  });

  test.each([60, 80, 120, 200])(
    'with --requests the monthly cost is shown at %i columns, in the table and in the chart',
    async (columns) => {
      const { url } = await serve();
      const args = ['price', 'deepseek-chat', 'gpt-4o', '--in', '1200', '--out', '400', '--requests', '10000'];
      for (const [title, ...more] of [['10,000 requests a month'], ['cost a month of 10,000 requests', '--chart']]) {
        const terminal = openTerminal([...args, ...more], { columns, env: { OPENROUTER_BASE_URL: url } });
        expect(await terminal.exit).toBe(0);
        const lines = await terminal.everything();
        for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
        expect(lines.join('\n')).toMatch(/gpt-4o .*\$70\.00/);
        expect(lines.join('\n')).toMatch(/deepseek\/deepseek-c.*\$5\.60.* \$7\.92/);
        expect(lines.join(' ')).toContain(title);
      }
    },
  );

  test('the chart in a pipe: the same without escape codes', async () => {
    const { code, stdout } = await price('--chart', '--in', '1200', '--out', '400');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}A qwen\/qwen3-coder:free +\$0 +131k$/m);
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(stringWidth(line)).toBeLessThan(80);
    expect((await price('--chart', '--against', 'coding')).stdout).toContain(
      'no model here has both a cost and the coding index',
    );
  });
});
