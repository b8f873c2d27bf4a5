import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer, type ApiServer } from '../../support/api-server.ts';
import { outputs, wireModel } from '../../support/catalogue.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const HOSTILE = 'evil/\u001b]0;owned\u0007\u001b[2J\u001b[31m\u009b5m\u202eedoc\nnext\rover';
const CATALOGUE = [
  wireModel('openai/gpt-4o', { in: '0.0000025', out: '0.00001' }, { created: 1_715_000_000, context_length: 128_000 }),
  wireModel('deepseek/deepseek-chat', {}, { created: 1_735_000_000, context_length: 163_840 }),
  wireModel('qwen/qwen3-coder:free', { in: '0', out: '0' }, { created: 1_750_000_000 }),
  wireModel('openrouter/auto', { in: '-1', out: '-1' }, { created: 1_700_000_000, context_length: 2_000_000 }),
  wireModel(
    'google/veo',
    { in: '0', out: '0' },
    { ...outputs('video'), created: 1_760_000_000, context_length: 0, top_provider: {} },
  ),
  wireModel(
    'cognitivecomputations/dolphin-mistral-24b-venice-edition-long',
    { in: '0.00000008333333333333334', out: '0.0000009' },
    {
      architecture: { input_modalities: ['text', 'image', 'audio', 'video', 'file'], output_modalities: ['text'] },
      created: 1_740_000_000,
    },
  ),
];

function serve(models: unknown[] = CATALOGUE): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.url.split('?')[0] === '/api/v1/models') return sendJson(response, 200, { data: models });
    return sendJson(response, 404, { error: { code: 404, message: `not here: ${request.url}` } });
  });
}

const orx = (url: string, home: string, ...args: string[]) =>
  runOrx(['models', ...args], { home, env: { OPENROUTER_BASE_URL: url } });
const idsOf = (stdout: string): string[] =>
  stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ')[0]!);
const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

describe('in a pipe', () => {
  test('a cell of a CSV without a value is empty', async () => {
    const bare = wireModel('a/bare', {}, { created: null, pricing: {}, architecture: {}, supported_parameters: null });
    const { url } = await serve([bare]);
    const { stdout } = await orx(url, tempFolder(), '--columns', 'model,in,created,modalities,parameters,cutoff', '-o', 'csv');
    expect(stdout.split('\n').slice(1)).toEqual(['a/bare,,,,,', '']);
  });

  test('a plain table on stdout, the count and the age on stderr, without escape codes even if color is forced', async () => {
    const { url } = await serve();
    const { code, stdout, stderr } = await runOrx(['models', '--sort', 'price'], {
      env: { OPENROUTER_BASE_URL: url, FORCE_COLOR: '3' },
    });
    expect(code).toBe(0);
    expect(stderr).toBe(`6 models from ${new URL(url).host}, just fetched\n`);
    expect(stdout).toMatch(/^model +in \$\/M +out \$\/M +3:1 \$\/M  context  created     modalities$/m);
    expect(stdout).not.toMatch(ACTIVE);
    expect(idsOf(stdout)).toEqual([
      'qwen/qwen3-coder:free',
      'cognitivecomputations/dolphin-mistral-24b-venice-edition-long',
      'deepseek/deepseek-chat',
      'openai/gpt-4o',
      'google/veo',
      'openrouter/auto',
    ]);
    expect(stdout).toContain(' 0.08333333333333334 ');
    expect(stdout).toMatch(/^deepseek\/deepseek-chat +0\.27 +1\.10 +0\.4775 +164k +2024-12-24 +text → text$/m);
    expect(stdout).toMatch(/^google\/veo +– +– +– +– +2025-10-09 +text → video$/m);
    expect(stdout).toMatch(/^openrouter\/auto +varies +varies +varies +2M /m);
  });

  test.each([
    [['--sort', 'newest'], 'google/veo'],
    [['--sort', 'newest', '--reverse'], 'openrouter/auto'],
    [['--sort', 'context'], 'openrouter/auto'],
    [[], 'cognitivecomputations/dolphin-mistral-24b-venice-edition-long'],
    [['--reverse'], 'qwen/qwen3-coder:free'],
    [['--free'], 'qwen/qwen3-coder:free'],
    [['GPT', '4o'], 'openai/gpt-4o'],
    [['--search', 'deepseek chat', 'author'], 'deepseek/deepseek-chat'],
  ])('%j begins with %s', async (args, id) => {
    const { url } = await serve();
    const { code, stdout } = await orx(url, tempFolder(), ...args);
    expect({ code, first: idsOf(stdout)[0] }).toEqual({ code: 0, first: id });
  });

  test('--limit reports what it left out', async () => {
    const { url } = await serve();
    const { stdout, stderr } = await orx(url, tempFolder(), '--limit', '2');
    expect(idsOf(stdout)).toHaveLength(2);
    expect(stderr).toBe(`2 of 6 models from ${new URL(url).host}, just fetched\n`);
  });

  test('an empty result is not a failure', async () => {
    const { url } = await serve();
    expect(await orx(url, tempFolder(), 'nothing-like-this')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `0 of 6 models from ${new URL(url).host}, just fetched\n`,
    });
  });

  test("--json prints exactly the API's objects in the order of the list", async () => {
    const { url } = await serve([
      ...CATALOGUE,
      wireModel(HOSTILE, {}, { name: `Zed ${HOSTILE}`, brand_new_field: { deep: [1.5, null] } }),
    ]);
    const { code, stdout, stderr } = await orx(url, tempFolder(), '--json', '--sort', 'newest', '--limit', '3');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([
      wireModel(HOSTILE, {}, { name: `Zed ${HOSTILE}`, brand_new_field: { deep: [1.5, null] } }),
      CATALOGUE[4],
      CATALOGUE[2],
    ]);
    expect(stdout).not.toMatch(ACTIVE);
  });

  test('a hostile name stays on its line and has no effect', async () => {
    const { url } = await serve([wireModel(HOSTILE), wireModel('z/last')]);
    const { stdout } = await orx(url, tempFolder());
    expect(stdout).not.toMatch(ACTIVE);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  test.each([
    [['--limit', '0'], '--limit'],
    [['--limit', 'all'], '--limit'],
    [['--sort', 'beauty'], 'price, input-price, output-price, context, newest, name, throughput, latency, uptime, value'],
    [['--nope'], '--nope'],
  ])('%j is a usage error: exit 2, before any request', async (args, told) => {
    const server = await serve();
    const { code, stdout, stderr } = await orx(server.url, tempFolder(), ...args);
    expect({ code, stdout, asked: server.requests.length }).toEqual({ code: 2, stdout: '', asked: 0 });
    expect(stderr).toContain(told);
  });

  test('a reader that closes the pipe early ends it quietly', async () => {
    const { url } = await serve(Array.from({ length: 3000 }, (_, index) => wireModel(`author/model-${index}`)));
    const { code, stderr } = await runOrx(['models', '--json'], {
      env: { OPENROUTER_BASE_URL: url },
      onStart: (child) => child.stdout.once('data', () => child.stdout.destroy()),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('the stored copy', () => {
  /** An API that can be made to fail, and a home whose copy of the catalogue seems to be some hours old. */
  async function withCopy(hours: number) {
    let answer: ((response: ServerResponse) => void) | undefined;
    const server = await startApiServer((_, response) =>
      answer === undefined ? sendJson(response, 200, { data: CATALOGUE }) : answer(response),
    );
    const home = tempFolder();
    expect((await orx(server.url, home)).code).toBe(0);
    const path = join(home, 'cache', readdirSync(join(home, 'cache'))[0]!);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/"fetchedAt":(\d+)/, (_, at) => `"fetchedAt":${Number(at) - hours * 3_600_000}`),
    );
    return { server, home, path, fail: (how: (response: ServerResponse) => void) => (answer = how) };
  }

  test('is used while it is fresh, and --refresh fetches a new one', async () => {
    const { server, home } = await withCopy(0);
    expect((await orx(server.url, home)).stderr).toMatch(/^6 models from 127\.0\.0\.1:\d+, (just fetched|\d+ s old)\n$/);
    expect(server.requests).toHaveLength(1);
    await orx(server.url, home, '--refresh');
    expect(server.requests).toHaveLength(2);
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'the line is dead',
      (response) => response.destroy(),
      /^warning: could not reach the API \(.+\): showing the stored copy, 3 h old$/m,
    ],
    [
      'a portal answers',
      (response) => void response.end('<html>Pay for the network</html>'),
      /^warning: could not reach the API \(.+\): showing/m,
    ],
    [
      'the API is ill',
      (response) => sendJson(response, 500, { error: { code: 500, message: 'ill' } }),
      /^warning: the API sent no catalog \(.+\): showing/m,
    ],
    [
      'the API is busy',
      (response) => sendJson(response, 429, { error: { code: 429, message: 'busy' } }),
      /^warning: the API sent no catalog \(.+\): showing/m,
    ],
  ])('is used with a notice and its age if %s', async (_, how, notice) => {
    const { server, home, fail } = await withCopy(3);
    fail(how);
    const table = await orx(server.url, home, '--retries', '0');
    expect({ code: table.code, ids: idsOf(table.stdout).length }).toEqual({ code: 0, ids: 6 });
    expect(table.stderr).toMatch(notice);
    expect(table.stderr).toMatch(/^6 models from 127\.0\.0\.1:\d+, 3 h old$/m);
    const json = await orx(server.url, home, '--json');
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toHaveLength(6);
    expect(json.stderr).toMatch(notice);
  });

  test('without one an unreachable network exits with 8, and nothing is stored', async () => {
    const { url } = await startApiServer((_, response) => void response.destroy());
    const home = tempFolder();
    const { code, stdout, stderr } = await orx(url, home);
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(readdirSync(home)).toEqual([]);
  });

  test('is replaced if it is damaged', async () => {
    const { server, home, path } = await withCopy(0);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 500));
    expect(idsOf((await orx(server.url, home)).stdout)).toHaveLength(6);
    expect(server.requests).toHaveLength(2);
    await orx(server.url, home);
    expect(server.requests).toHaveLength(2);
  });

  test('survives several orx processes at once, one of them killed', async () => {
    const { url } = await serve(Array.from({ length: 4000 }, (_, index) => wireModel(`author/model-${index}`)));
    const home = tempFolder();
    const args = ['models', '--refresh', '--limit', '1'];
    const runs = Array.from({ length: 4 }, (_, index) =>
      runOrx(args, {
        home,
        env: { OPENROUTER_BASE_URL: url },
        onStart: (child) => (index === 0 ? setTimeout(() => child.kill('SIGKILL'), 250) : undefined),
      }),
    );
    const results = await Promise.all(runs);
    for (const { code, stdout } of results.slice(1))
      expect({ code, ids: idsOf(stdout) }).toEqual({ code: 0, ids: ['author/model-0'] });
    const files = readdirSync(join(home, 'cache'), { withFileTypes: true }).filter((file) => file.isFile());
    const copies = files.filter(({ name }) => !name.endsWith('.tmp'));
    expect(copies).toHaveLength(1);
    const [facts, body] = readFileSync(join(home, 'cache', copies[0]!.name), 'utf8').split('\n');
    expect(JSON.parse(facts!)).toMatchObject({ version: 1, source: url });
    expect(JSON.parse(body!)).toHaveProperty('data.length', 4000);
  });
});

describe('on a terminal', () => {
  const open = (url: string, args: string[], columns: number, env: Record<string, string> = {}) =>
    openTerminal(['models', '--static', ...args], { columns, env: { OPENROUTER_BASE_URL: url, ...env } });
  const many = Array.from({ length: 60 }, (_, index) =>
    wireModel(`author/model-${String(index).padStart(2, '0')}-${'x'.repeat(index % 12)}`),
  );

  test.each([60, 80, 120, 200])(
    '%i columns: one line per model, none wraps, none is as wide as the screen, all in the scrollback',
    async (columns) => {
      const { url } = await serve([...CATALOGUE, ...many]);
      const terminal = open(url, [], columns);
      expect(await terminal.exit).toBe(0);
      const lines = (await terminal.everything()).filter((line) => line !== '');
      expect(lines).toHaveLength(2 + 66);
      expect(lines[0]).toBe(`  66 models from ${new URL(url).host}, just fetched`);
      for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
      expect(lines[1]!.includes('modalities')).toBe(columns >= 120);
      expect(lines[1]!.includes('created')).toBe(columns >= 80);
      expect(lines[1]).toMatch(/^ {2}model +in \$\/M +out \$\/M +context/);
      expect(lines.filter((line) => /^ {2}author\/model-\d\d-/.test(line))).toHaveLength(60);
      expect(lines.some((line) => line.includes('cognitivecomputations/'))).toBe(columns >= 200);
      expect(lines.find((line) => line.includes('~0.0833'))).toMatch(/dolphin-mistra.*-edition-long /);
      // Neither the screen nor the scrollback is ever cleared.
      expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/);
      expect(terminal.raw()).toContain('\u001b[36m');
    },
  );

  test.each<[string, Record<string, string>]>([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a build server (CI)', { CI: '1', NO_COLOR: '1' }],
  ])('%s: the same without color', async (_, env) => {
    const { url } = await serve();
    const terminal = open(url, ['--sort', 'price'], 80, env);
    expect(await terminal.exit).toBe(0);
    const lines = (await terminal.everything()).filter((line) => line !== '');
    expect(lines).toHaveLength(8);
    expect(lines[2]).toMatch(/^ {2}qwen\/qwen3-coder:free +free +free/);
    expect(terminal.raw()).not.toMatch(/\u001b\[[\d;]*m/);
  });

  test('a hostile name has no effect', async () => {
    const { url } = await serve([wireModel(HOSTILE), wireModel('z/漢字🫠')]);
    const terminal = open(url, [], 100);
    expect(await terminal.exit).toBe(0);
    const lines = (await terminal.everything()).filter((line) => line !== '');
    expect(lines).toHaveLength(4);
    expect(terminal.raw()).not.toContain('\u001b]');
    expect(terminal.raw()).not.toContain('\u001b[2J');
    expect(terminal.raw()).not.toMatch(/[\u0007\u009b\u202e]/);
    expect(lines[2]).toContain('evil/␛]0;owned');
  });

  test('an unreachable network is reported in the frame, in yellow', async () => {
    let isDead = false;
    const { url } = await startApiServer((_, response) =>
      isDead ? void response.destroy() : sendJson(response, 200, { data: CATALOGUE }),
    );
    const home = tempFolder();
    await orx(url, home);
    isDead = true;
    const terminal = openTerminal(['models', '--static', '--refresh', '--retries', '0'], {
      columns: 80,
      home,
      env: { OPENROUTER_BASE_URL: url },
    });
    expect(await terminal.exit).toBe(0);
    const shown = (await terminal.everything()).join('\n');
    expect(shown.replace(/\s+/g, ' ')).toContain('showing the stored copy');
    expect(shown).toContain('deepseek/deepseek-chat');
    expect(terminal.raw()).toMatch(/\u001b\[33m *warning: could not reach the API/);
  });
});
