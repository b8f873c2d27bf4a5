import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODELS = [
  wireModel('anthropic/claude-sonnet-4.6'),
  wireModel('~anthropic/claude-sonnet-latest', {}, { alias_target: { slug: 'anthropic/claude-sonnet-4.6' } }),
  wireModel('openai/gpt-4o-mini'),
  wireModel('qwen/qwen3-coder:free', { in: '0', out: '0' }),
];

/** Answers chats for models in the catalogue, including their variants and presets, and rejects other models as the API does. */
function serve(models: readonly Record<string, unknown>[] = MODELS): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.method === 'GET') return sendJson(response, 200, { data: models });
    const { model } = request.json();
    const base = String(model)
      .replace(/@preset.*$/, '')
      .replace(/:(nitro|online)/g, '');
    if (base !== '' && !models.some(({ id }) => id === base)) {
      return sendJson(response, 400, { error: { code: 400, message: `${model} is not a valid model ID` } });
    }
    const answer = answerPieces(['ok']).map((piece) => piece.replaceAll('"test/model"', JSON.stringify(base)));
    return sendPieces(response, answer);
  });
}

const orx = (server: ApiServer, home: string, ...args: string[]) =>
  runOrx(args, {
    home,
    env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', ORX_RETRIES: '0' },
  });
const asked = ({ requests }: ApiServer): string[] =>
  requests.map(({ method, body }) => (method === 'GET' ? 'catalogue' : (JSON.parse(body) as { model: string }).model));
function homeWith(settings: object): string {
  const home = tempFolder();
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.json'), JSON.stringify(settings));
  return home;
}

describe('chat', () => {
  test('sends a complete id unchanged and reads no catalogue for it', async () => {
    const server = await serve();
    const result = await orx(server, tempFolder(), 'chat', '-m', 'anthropic/claude-sonnet-4.6:nitro@preset/mail', 'hi');
    expect(result).toMatchObject({ code: 0, stdout: 'ok\n', stderr: '' });
    expect(asked(server)).toEqual(['anthropic/claude-sonnet-4.6:nitro@preset/mail']);
  });

  test('an alias for a complete id reads no catalogue either; -q does not mention it', async () => {
    const server = await serve();
    const home = homeWith({ aliases: { fast: 'openai/gpt-4o-mini' }, model: 'fast' });
    expect(await orx(server, home, 'chat', 'hi')).toMatchObject({ stdout: 'ok\n', stderr: 'note: fast → openai/gpt-4o-mini\n' });
    expect(await orx(server, home, 'chat', '-q', '-m', 'fast:online', 'hi')).toMatchObject({ stdout: 'ok\n', stderr: '' });
    expect(asked(server)).toEqual(['openai/gpt-4o-mini', 'openai/gpt-4o-mini:online']);
  });

  test('a partial name is looked up once, then in the stored copy, also for fallback models', async () => {
    const server = await serve();
    const home = tempFolder();
    await orx(server, home, 'chat', '-q', '-m', 'sonnet-4.6', 'hi');
    const second = await orx(server, home, 'chat', '-m', 'coder:free', '--fallback', '4o-mini,openai/gpt-4o-mini', 'hi');
    expect(second.stderr).toBe('note: coder:free → qwen/qwen3-coder:free\nnote: 4o-mini → openai/gpt-4o-mini\n');
    expect(asked(server)).toEqual(['catalogue', 'anthropic/claude-sonnet-4.6', 'qwen/qwen3-coder:free']);
    expect(server.requests.at(-1)!.json().models).toEqual(['openai/gpt-4o-mini', 'openai/gpt-4o-mini']);
  });

  test('the newest model of a family, without the character that a shell removes', async () => {
    const server = await serve();
    const home = tempFolder();
    // Without a stored copy it cannot be distinguished from an id with such an ending.
    expect((await orx(server, home, 'chat', '-m', 'anthropic/claude-sonnet-latest', 'hi')).code).toBe(6);
    for (const name of ['anthropic/claude-sonnet-latest', 'anthropic/claude-sonnet@latest', 'claude-sonnet@latest']) {
      expect(await orx(server, home, 'chat', '-m', name, 'hi')).toMatchObject({
        code: 0,
        stderr: `note: ${name} → ~anthropic/claude-sonnet-latest\n`,
      });
    }
  });

  test('an unknown name exits with 6 and the nearest names, before any request to a model', async () => {
    const server = await serve();
    const { code, stdout, stderr } = await orx(server, tempFolder(), 'chat', '-m', 'gpt-4o-mni', 'hi');
    expect([code, stdout]).toEqual([6, '']);
    expect(stderr).toContain('unknown or ambiguous model: "gpt-4o-mni"');
    expect(stderr).toContain('did you mean openai/gpt-4o-mini');
    expect(asked(server)).toEqual(['catalogue']);
  });

  test('if the API does not know a complete id, the error adds the nearest names', async () => {
    const server = await serve();
    const { code, stderr } = await orx(server, tempFolder(), 'chat', '-m', 'anthropic/claude-sonet-4.6', 'hi');
    expect(code).toBe(6);
    expect(stderr).toContain('error: unknown model\n  anthropic/claude-sonet-4.6 is not a valid model ID');
    expect(stderr).toContain('did you mean anthropic/claude-sonnet-4.6');
    expect(asked(server)).toEqual(['anthropic/claude-sonet-4.6', 'catalogue']);
  });

  test('an invalid alias fails only commands that may use it', async () => {
    const server = await serve();
    const home = homeWith({ aliases: { fast: { deep: 1 } } });
    expect((await orx(server, home, 'chat', '-m', 'openai/gpt-4o-mini', 'hi')).code).toBe(0);
    const { code, stderr } = await orx(server, home, 'chat', '-m', 'fast', 'hi');
    expect(code).toBe(2);
    expect(stderr).toContain('orx config unset aliases');
  });
});

describe('compare', () => {
  test('accepts the same names, and each model once', async () => {
    const server = await serve();
    const home = homeWith({ aliases: { fast: 'openai/gpt-4o-mini' } });
    const { code, stderr } = await orx(server, home, 'compare', '-m', 'fast,sonnet-4.6,4o-mini', 'hi');
    expect(code).toBe(0);
    expect(stderr).toContain('note: sonnet-4.6 → anthropic/claude-sonnet-4.6\n');
    expect(stderr).toContain('openai/gpt-4o-mini is listed more than once');
    expect(new Set(asked(server))).toEqual(new Set(['anthropic/claude-sonnet-4.6', 'catalogue', 'openai/gpt-4o-mini']));
    const one = await orx(server, home, 'compare', '-m', 'fast,4o-mini', 'hi');
    expect([one.code, one.stdout]).toEqual([2, '']);
    expect(one.stderr).toContain('all names refer to one model, openai/gpt-4o-mini');
  });

  test('with only unknown models, reports the first reason and the nearest names', async () => {
    const server = await serve();
    const { code, stderr } = await orx(server, tempFolder(), 'compare', '-m', 'openai/gpt-4o-mni,a/bbbbbbbbbbbbbbbb', 'hi');
    expect(code).toBe(6);
    expect(stderr).toContain('did you mean openai/gpt-4o-mini');
  });
});

test('price accepts aliases, and prices any variant like its model', async () => {
  const server = await serve();
  const home = homeWith({ aliases: { fast: '4o-mini:nitro' } });
  const { code, stdout } = await orx(server, home, 'price', 'fast', 'coder:free:online', '--json');
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { model: string }[]).map(({ model }) => model)).toEqual([
    'qwen/qwen3-coder:free',
    'openai/gpt-4o-mini',
  ]);
});

test('models show and endpoints accept aliases', async () => {
  const home = homeWith({ aliases: { fast: 'gpt-4o-mini:nitro' } });
  for (const args of [
    ['models', 'show', 'fast'],
    ['endpoints', 'fast'],
  ]) {
    const { code, stdout, stderr } = await runOrx(['--sandbox', ...args], { home });
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('openai/gpt-4o-mini')]);
  }
});

describe('orx alias', () => {
  test('set, list, remove: orx stores the id that the name stands for', async () => {
    const server = await serve();
    const home = tempFolder();
    expect(await orx(server, home, 'alias', 'add', 'Fast', '4o-mini:nitro')).toMatchObject({
      code: 0,
      stderr: 'note: fast → openai/gpt-4o-mini:nitro\n',
    });
    await orx(server, home, 'alias', 'add', 'mail', '@preset/mail');
    expect(JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'))).toEqual({
      aliases: { fast: 'openai/gpt-4o-mini:nitro', mail: '@preset/mail' },
    });
    expect((await orx(server, home, 'alias', 'list')).stdout).toBe(
      'alias  model\nfast   openai/gpt-4o-mini:nitro\nmail   @preset/mail\n',
    );
    expect((await orx(server, home, 'config', 'get', 'aliases')).stdout).toBe(
      'fast=openai/gpt-4o-mini:nitro,mail=@preset/mail\n',
    );
    expect((await orx(server, home, 'alias', 'remove', 'FAST')).code).toBe(0);
    expect(JSON.parse((await orx(server, home, 'alias', 'list', '--json')).stdout)).toEqual({ mail: '@preset/mail' });
    await orx(server, home, 'alias', 'remove', 'mail');
    expect(JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'))).toEqual({});
  });

  test.each([
    [['set', 'a/b', 'openai/gpt-4o-mini'], 2, 'an alias must be a word'],
    [['set', 'x', 'nothing-like-it'], 6, 'unknown or ambiguous model'],
    [['set', 'x', 'a/b,c/d'], 2, 'must refer to one model'],
    [['remove', 'nope'], 2, 'unknown alias "nope"'],
  ])('%j fails with %i', async (args, exit, told) => {
    const { code, stderr } = await orx(await serve(), tempFolder(), 'alias', ...args);
    expect(code).toBe(exit);
    expect(stderr).toContain(told);
  });

  test('several processes at once lose no alias', async () => {
    const server = await serve();
    const home = tempFolder();
    const names = ['one', 'two', 'three', 'four'];
    await Promise.all(names.map((name) => orx(server, home, 'alias', 'add', name, 'openai/gpt-4o-mini')));
    const { aliases } = JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as { aliases: object };
    expect(Object.keys(aliases).sort()).toEqual(names.toSorted());
  });
});

test('orx fav: add, list and remove, by any name; models --favorites lists them', async () => {
  const server = await serve();
  const home = tempFolder();
  await orx(server, home, 'fav', 'add', 'sonnet-4.6:nitro', 'openai/gpt-4o-mini', '4o-mini');
  expect((await orx(server, home, 'fav', 'list')).stdout).toBe('anthropic/claude-sonnet-4.6\nopenai/gpt-4o-mini\n');
  expect((await orx(server, home, 'models', '--favorites', '-o', 'ids', '--reverse')).stdout).toBe(
    'openai/gpt-4o-mini\nanthropic/claude-sonnet-4.6\n',
  );
  expect((await orx(server, home, 'fav', 'remove', 'sonnet-4.6')).code).toBe(0);
  expect(JSON.parse((await orx(server, home, 'fav', 'list', '--json')).stdout)).toEqual(['openai/gpt-4o-mini']);
  const { code, stderr } = await orx(server, home, 'fav', 'remove', 'qwen/qwen3-coder:free');
  expect(code).toBe(2);
  expect(stderr).toContain('qwen/qwen3-coder:free is not a favorite');
  expect((await orx(server, home, 'fav', 'add', '@preset/mail')).code).toBe(2);
});
