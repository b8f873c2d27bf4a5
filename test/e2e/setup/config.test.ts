import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTING_KEYS } from '../../../src/core/settings/settings.ts';
import { runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const stored = (home: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as Record<string, unknown>;

/** Returns a function that runs orx several times in one home. */
function orxAt(home: string, env: Record<string, string> = {}): (...args: string[]) => Promise<RunResult> {
  return (...args) => runOrx(args, { home, env });
}

describe('set, get, unset', () => {
  test('a value is stored with its type, printed as it was typed, and gone after unset', async () => {
    const home = tempFolder();
    const orx = orxAt(home);
    for (const [key, ...values] of [
      ['model', 'a/b'],
      ['system', 'Be', 'brief.'],
      ['temperature', '0.7'],
      ['fallback', 'a/b,', 'c/d'],
      ['max-price', '0.5,1.5'],
      ['stream', 'false'],
      ['provider-fallbacks', 'no'],
      ['data-policy', 'strict'],
    ] as const) {
      expect(await orx('config', 'set', key, ...values)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
    expect(stored(home)).toEqual({
      model: 'a/b',
      system: 'Be brief.',
      temperature: 0.7,
      fallback: ['a/b', 'c/d'],
      'max-price': { prompt: '0.5', completion: '1.5' },
      stream: false,
      'provider-fallbacks': false,
      'data-policy': 'strict',
    });
    expect(await orx('config', 'get', 'fallback')).toMatchObject({ code: 0, stdout: 'a/b,c/d\n' });
    expect(await orx('config', 'get', 'max-price')).toMatchObject({ code: 0, stdout: '0.5,1.5\n' });
    expect(JSON.parse((await orx('config', 'get', 'stream', '--json')).stdout)).toEqual({
      key: 'stream',
      value: false,
      source: 'file',
    });

    expect(await orx('config', 'unset', 'system', 'temperature', 'zdr')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(Object.keys(stored(home))).not.toContain('system');
    expect(await orx('config', 'get', 'temperature')).toMatchObject({ code: 1, stdout: '', stderr: '' });
    expect(await orx('config', 'get', 'retries')).toMatchObject({ code: 0, stdout: '2\n' });
  });

  test.each([
    [['config', 'set', 'modle', 'x'], /unknown setting "modle"\n.*model/],
    [['config', 'get', 'data_policy'], /did you mean data-policy/],
    [['config', 'unset', 'nothing-like-it'], /config list --all/],
    [['config', 'set', 'temperature', '-1'], /number from 0 to 2, not "-1"/],
    [['config', 'set', 'data-policy', 'lax'], /standard, strict/],
    [['config', 'set', 'system', ''], /system is empty/],
    [['config', 'set', 'app-categories', 'a,b,c'], /at most two categories, not 3/],
    [['--app-categories', 'a,b,c', 'config', 'list'], /at most two categories, not 3 \(flag --app-categories\)/],
    [['config', 'set', 'model'], /no value for model/],
    [['config', 'list', '--temperature', 'hot'], /flag --temperature/],
    [['config', 'nonsense'], /unknown command "orx config nonsense"/],
  ])('%j fails with exit 2 and stores nothing', async (args, said) => {
    const home = tempFolder();
    const { code, stdout, stderr } = await runOrx(args, { home });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(readdirSync(home)).toEqual([]);
  });

  test('the key is not accepted on the command line, and not repeated', async () => {
    const home = tempFolder();
    for (const args of [
      ['config', 'set', 'api-key', KEY],
      ['--api-key', KEY, 'config', 'list'],
      [`--api-key=${KEY}`, 'config', 'list'],
      ['auth', 'login', KEY],
      [KEY],
    ]) {
      const { code, stdout, stderr } = await runOrx(args, { home });
      expect([args[0], code]).toEqual([args[0], 2]);
      expect(stdout + stderr).not.toContain(KEY);
    }
    expect((await runOrx(['config', 'set', 'api-key', KEY], { home })).stderr).toContain('orx auth login');
    expect(readdirSync(home)).toEqual([]);
  });

  test('orx reports that the environment overrides a value', async () => {
    const { code, stderr } = await runOrx(['config', 'set', 'model', 'a/b'], { env: { ORX_MODEL: 'c/d' } });
    expect([code, stderr]).toEqual([0, 'warning: ORX_MODEL is set in the environment and overrides the stored model\n']);
  });

  test('an invalid stored value is named, and can be removed or set again', async () => {
    const home = tempFolder();
    const orx = orxAt(home);
    writeFileSync(join(home, 'config.json'), '{"temperature":"hot"}');
    const list = await orx('config', 'list');
    expect(list).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^warning: temperature must be .* \(stored setting temperature\)\n$/),
    });
    expect(list.stdout).toMatch(/^temperature +hot +file, not usable$/m);
    const rows = JSON.parse((await orx('config', 'list', '--json')).stdout) as Record<string, unknown>[];
    expect(rows.find((row) => row['key'] === 'temperature')).toEqual({
      key: 'temperature',
      value: 'hot',
      source: 'file',
      error: expect.stringContaining('number from 0 to 2'),
    });
    const got = await orx('config', 'get', 'temperature');
    expect([got.code, got.stdout]).toEqual([2, '']);
    expect(got.stderr).toMatch(/stored setting temperature\)\n.*orx config unset temperature/);
    expect((await orx('config', 'unset', 'temperature')).code).toBe(0);
    expect(await orx('config', 'list')).toMatchObject({ code: 0, stderr: '' });
  });

  test('an invalid stored value fails only commands that use it', async () => {
    const home = tempFolder();
    const orx = orxAt(home);
    writeFileSync(join(home, 'config.json'), '{"temperature":9,"model":"a/b"}');
    expect(await orx('--sandbox', 'models', '--limit', '1')).toMatchObject({ code: 0 });
    expect(await orx('config', 'get', 'model')).toMatchObject({ code: 0, stdout: 'a/b\n', stderr: '' });
    const chat = await orx('--sandbox', 'chat', 'hello');
    expect([chat.code, chat.stdout]).toEqual([2, '']);
    expect(chat.stderr).toContain('stored setting temperature');
    expect(await orx('--sandbox', 'models', '--retries', 'often')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('list', () => {
  const list = async (args: string[], options: RunOptions): Promise<Record<string, unknown>[]> => {
    const { code, stdout } = await runOrx([...args, '--json'], options);
    expect(code).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>[];
  };

  test('shows for each value whether it comes from a flag, the environment, the file or the default', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'api-key': KEY, retries: 5, 'from-the-future': 1 }));
    const env = { OPENROUTER_BASE_URL: 'http://127.0.0.1:1/v1', ORX_MODEL: 'from/env' };
    const rows = await list(['--idle-timeout', '7', 'config', 'list', '-m', 'from/flag', '--no-zdr', '--fallback', 'x,y'], {
      home,
      env,
    });
    const row = (key: string): unknown => rows.find((each) => each['key'] === key);
    expect(row('idle-timeout')).toEqual({ key: 'idle-timeout', value: 7, source: 'flag' });
    expect(row('model')).toEqual({ key: 'model', value: 'from/flag', source: 'flag' });
    expect(row('zdr')).toEqual({ key: 'zdr', value: false, source: 'flag' });
    expect(row('fallback')).toEqual({ key: 'fallback', value: ['x', 'y'], source: 'flag' });
    expect(row('base-url')).toEqual({
      key: 'base-url',
      value: 'http://127.0.0.1:1/v1',
      source: 'environment',
      name: 'OPENROUTER_BASE_URL',
    });
    expect(row('retries')).toEqual({ key: 'retries', value: 5, source: 'file' });
    expect(row('stream')).toEqual({ key: 'stream', value: true, source: 'default' });
    expect(row('api-key')).toEqual({ key: 'api-key', value: 'sk-or-v1-…cdef', source: 'file' });
    expect(row('temperature')).toBeUndefined();
  });

  test('--all has every setting, with null for those without a value', async () => {
    const rows = await list(['config', 'list', '--all'], {});
    expect(rows.map((row) => row['key'])).toEqual(SETTING_KEYS);
    expect(rows.find((row) => row['key'] === 'temperature')).toEqual({ key: 'temperature', value: null, source: 'default' });
  });

  test('in a pipe: aligned lines without escape codes, the key masked, a proxy without its password', async () => {
    const env = { OPENROUTER_KEY: KEY };
    const { stdout } = await runOrx(['--proxy', 'http://me:hunter2@proxy:3128', 'config', 'list'], { env });
    expect(stdout).toMatch(/^api-key +sk-or-v1-…cdef +environment OPENROUTER_KEY$/m);
    expect(stdout).toMatch(/^proxy +http:\/\/me:…@proxy:3128 +flag$/m);
    expect(stdout).not.toMatch(new RegExp(`\\u001b|hunter2|${KEY}`));
  });

  test('on a terminal: the same, and hostile values are made visible', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ system: '\u001b]0;owned\u0007 and \u202e', 'api-key': KEY }));
    const terminal = openTerminal(['config', 'list'], { home, columns: 120 });
    expect(await terminal.exit).toBe(0);
    const shown = (await terminal.everything()).join('\n');
    expect(shown).toMatch(/system +␛]0;owned␇ and <U\+202E> +file/);
    expect(shown).toMatch(/api-key +sk-or-v1-…cdef +file/);
    expect(terminal.raw()).not.toMatch(/\u001b\]0|\u202e/);
  });

  test.each([['list'], ['list', '--json'], ['get', 'api-key'], ['get', 'api-key', '--json']])(
    'config %s never shows the key',
    async (...args) => {
      for (const options of [{ env: { OPENROUTER_API_KEY: KEY } }, { env: { OPENROUTER_API_KEY: 'short-key' } }]) {
        const { stdout, stderr } = await runOrx(['config', ...args], options);
        expect(stdout).toContain('…');
        expect(stdout + stderr).not.toContain(options.env.OPENROUTER_API_KEY);
      }
    },
  );
});

describe('switches', () => {
  const SWITCHES = ['allow-http', 'sandbox', 'stream', 'provider-fallbacks', 'zdr', 'strict-model'] as const;

  test.each(SWITCHES)('%s can be stored and overridden in both directions', async (key) => {
    const home = tempFolder();
    for (const value of [true, false]) {
      writeFileSync(join(home, 'config.json'), JSON.stringify({ [key]: value }));
      const opposite = value ? `--no-${key}` : `--${key}`;
      expect((await runOrx(['config', 'get', key], { home })).stdout).toBe(`${value}\n`);
      // A stored protection can only be lowered with permission.
      const permission = key === 'zdr' && value ? ['--allow-data-collection'] : [];
      expect((await runOrx(['config', 'get', key, opposite, ...permission], { home })).stdout).toBe(`${!value}\n`);
    }
  });

  test('--no-sandbox also overrides ORX_SANDBOX, before and after the command', async () => {
    const env = { ORX_SANDBOX: '1' };
    expect((await runOrx(['config', 'get', 'sandbox'], { env })).stdout).toBe('true\n');
    expect((await runOrx(['--no-sandbox', 'config', 'get', 'sandbox'], { env })).stdout).toBe('false\n');
    expect((await runOrx(['config', 'get', 'sandbox', '--no-sandbox'], { env })).stdout).toBe('false\n');
  });

  test('help lists one form of each', async () => {
    const { stdout } = await runOrx(['chat', '--help-all']);
    expect(stdout).toContain('--zdr ');
    expect(stdout).toContain('--no-stream ');
    expect(stdout).not.toMatch(/--no-zdr|--no-strict-model|--stream |--no-sandbox/);
  });
});
