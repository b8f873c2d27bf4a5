import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRANTED_KEY, startAuthSite } from '../../support/auth-site.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const storedKey = (home: string): unknown => {
  try {
    return (JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as Record<string, unknown>)['api-key'];
  } catch {
    return undefined;
  }
};

describe('status', () => {
  test('shows which key is used, where it comes from and its limits', async () => {
    const site = await startAuthSite();
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'api-key': GRANTED_KEY }));
    const env = { OPENROUTER_BASE_URL: site.url };
    const { code, stdout, stderr } = await runOrx(['auth', 'status'], { home, env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      `key    sk-or-v1-…6789, from the file\napi    ${site.url}\nlabel  sk-or-v1-gra...789\nused   $1.25\nlimit  $20.00, $18.75 left\ntier   paid\n`,
    );
    const json = await runOrx(['auth', 'status', '--json'], { env: { ...env, OPENROUTER_KEY: GRANTED_KEY } });
    expect(JSON.parse(json.stdout)).toEqual({
      key: 'sk-or-v1-…6789',
      source: 'environment',
      limit_reset: null,
      expires_at: null,
      name: 'OPENROUTER_KEY',
      base_url: site.url,
      label: 'sk-or-v1-gra...789',
      usage: '1.25',
      limit: '20',
      limit_remaining: '18.75',
      is_free_tier: false,
      is_management_key: null,
    });
  });

  test('a key that the API rejects: prints the local facts, then exits with 3', async () => {
    const site = await startAuthSite();
    const { code, stdout, stderr } = await runOrx(['auth', 'status'], {
      env: { OPENROUTER_BASE_URL: site.url, OPENROUTER_API_KEY: 'sk-or-v1-wrong-wrong-wrong' },
    });
    expect(code).toBe(3);
    expect(stdout).toBe(`key  sk-or-v1-…rong, from the environment variable OPENROUTER_API_KEY\napi  ${site.url}\n`);
    expect(stderr).toContain('User not found.');
  });

  test('an unreachable network: exit 8', async () => {
    const env = { OPENROUTER_BASE_URL: 'http://127.0.0.1:1/api/v1', OPENROUTER_API_KEY: GRANTED_KEY };
    expect(await runOrx(['auth', 'status', '--json'], { env })).toMatchObject({ code: 8, stdout: '' });
  });

  test('in the sandbox no key is needed', async () => {
    const { code, stdout } = await runOrx(['--sandbox', 'auth', 'status']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^key +none needed: this is the sandbox\n/);
    const json = await runOrx(['auth', 'status', '--json', '--sandbox'], { env: { OPENROUTER_API_KEY: GRANTED_KEY } });
    expect(JSON.parse(json.stdout)).toMatchObject({ key: null, source: 'sandbox', base_url: null });
  });
});

describe('without a key', () => {
  test.each([[['chat', 'hello']], [['auth', 'status']], [['auth', 'status', '--json']]])(
    '%j in a pipe: an error with hints and exit 3',
    async (args) => {
      const { code, stdout, stderr } = await runOrx(args);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(
        /^error: no API key\nhint: .*OPENROUTER_API_KEY.*orx auth login\nhint: .*orx vendors list\nhint: .*orx chat --sandbox "hello"\n$/,
      );
    },
  );

  test('on a terminal: a short guide and exit 3', async () => {
    const terminal = openTerminal(['chat', 'hello']);
    expect(await terminal.exit).toBe(3);
    const shown = (await terminal.everything()).join('\n');
    for (const command of ['orx auth login', 'orx auth login --paste', 'orx --sandbox chat']) expect(shown).toContain(command);
    expect(shown.trimEnd().split('\n').length).toBeLessThan(12);
  });
});

describe('logout', () => {
  test('removes the stored key, and succeeds without one', async () => {
    const home = tempFolder();
    const path = join(home, 'config.json');
    writeFileSync(path, JSON.stringify({ 'api-key': GRANTED_KEY, model: 'a/b' }));
    expect(await runOrx(['auth', 'logout'], { home })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `removed the key from ${path}\n`,
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ model: 'a/b' });
    expect(await runOrx(['auth', 'logout'], { home })).toMatchObject({ code: 0, stdout: '', stderr: 'no key was stored\n' });
  });

  test('reports a key in the environment', async () => {
    const { code, stderr } = await runOrx(['auth', 'logout'], { env: { OPENROUTER_API_KEY: GRANTED_KEY } });
    expect([code, stderr]).toEqual([
      0,
      'no key was stored\nwarning: OPENROUTER_API_KEY is set in the environment and is still used\n',
    ]);
  });

  test('removes an unusable key', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'api-key': 'two words' }));
    expect((await runOrx(['auth', 'status'], { home })).stderr).toContain('orx auth logout');
    expect(await runOrx(['auth', 'logout'], { home })).toMatchObject({ code: 0 });
    expect(storedKey(home)).toBeUndefined();
  });
});
