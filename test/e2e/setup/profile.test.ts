import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRANTED_KEY, startAuthSite } from '../../support/auth-site.ts';
import { startBillingServer } from '../../support/billing-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const FINE = { in: '0.000001', out: '0.000002' };
const stored = (home: string): Record<string, any> => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));

function orxAt(home: string, env: Record<string, string> = {}): (...args: string[]) => Promise<RunResult> {
  return (...args) => runOrx(args, { home, env });
}

describe('orx profile', () => {
  test('creates, lists, shows, selects, changes and deletes', async () => {
    const home = tempFolder();
    const orx = orxAt(home);
    const silent = { code: 0, stdout: '', stderr: '' };
    expect(await orx('profile', 'set', 'work', 'model', 'a/work')).toMatchObject(silent);
    expect(await orx('profile', 'set', 'work', 'system', 'Be', 'brief.')).toMatchObject(silent);
    expect(await orx('profile', 'set', 'home')).toMatchObject(silent);
    expect(stored(home)).toEqual({ profiles: { home: {}, work: { model: 'a/work', system: 'Be brief.' } } });
    expect((await orx('profile')).stdout).toMatch(
      /profile +key +settings\n\* +default +stored +–\n +home .+\n +work +stored +model, system\n/,
    );

    expect(await orx('profile', 'use', 'work')).toMatchObject(silent);
    expect((await orx('config', 'get', 'model')).stdout).toBe('a/work\n');
    expect(JSON.parse((await orx('config', 'get', 'model', '--json')).stdout)).toEqual({
      key: 'model',
      value: 'a/work',
      source: 'profile',
      name: 'work',
    });
    expect((await orx('config', 'list')).stdout).toMatch(/^model +a\/work +profile work$/m);
    expect((await orx('config', 'get', 'model', '--profile', 'home')).stdout).toBe('deepseek/deepseek-chat\n');
    expect(JSON.parse((await orx('profile', 'list', '--json')).stdout)).toEqual([
      { name: 'default', selected: false, has_key: false, settings: {} },
      { name: 'home', selected: false, has_key: false, settings: {} },
      { name: 'work', selected: true, has_key: false, settings: { model: 'a/work', system: 'Be brief.' } },
    ]);

    expect(await orx('profile', 'unset', 'work', 'system', 'seed')).toMatchObject(silent);
    expect(JSON.parse((await orx('profile', 'show', '--json')).stdout)).toMatchObject({
      name: 'work',
      settings: { model: 'a/work' },
    });
    expect((await orx('profile', 'delete', 'work')).stderr).toBe('deleted the profile work\n');
    expect(stored(home)).toEqual({ profiles: { home: {} } });
    await orx('profile', 'delete', 'home');
    expect(stored(home)).toEqual({});
  });

  test.each<[string[], RegExp]>([
    [['profile', 'set', 'work', 'modle', 'x'], /unknown setting "modle"/],
    [['profile', 'set', 'work', 'temperature', 'hot'], /number from 0 to 2/],
    [
      ['profile', 'set', 'work', 'temperature'],
      /no value for temperature\nhint: to remove it: orx profile unset work temperature\n/,
    ],
    [['profile', 'set', 'work', 'model=a/b'], /no value for model\nhint: .*: orx profile set work model VALUE\n/],
    [['config', 'set', 'model=a/b'], /no value for model\nhint: .*: orx config set model VALUE\n/],
    [['config', 'set', 'model'], /no value for model\nhint: to remove it: orx config unset model\n/],
    [['profile', 'set', 'work', 'api-key', KEY], /cannot be set on the command line.*\nhint: .*orx --profile work auth login/],
    [['profile', 'set', 'work', 'profile', 'x'], /profile cannot be set in a profile/],
    [['profile', 'set', 'work', 'allow-data-collection', 'true'], /cannot be set in a profile/],
    [['profile', 'set', 'default', 'model', 'x'], /default is the stored settings alone/],
    [['profile', 'set', '-x'], /unknown option/],
    [['profile', 'set', 'a*', 'model', 'x'], /short name/],
    [['profile', 'set', 'work', 'key-command', "pass 'x"], /quote/],
    [['profile', 'unset', 'nope', 'model'], /unknown profile "nope"/],
    [['profile', 'use', 'nope'], /unknown profile "nope"\nhint: use one of default, known\n/],
    [['profile', 'show', 'nope'], /unknown profile/],
    [['profile', 'delete', 'nope'], /unknown profile/],
    [['profile', 'delete', 'default'], /stored settings alone/],
    [['config', 'set', 'profile', 'nope'], /unknown profile/],
    [['--profile', 'nope', 'config', 'set', 'model', 'x'], /unknown profile/],
    [['--profile', 'nope', 'models', '--offline'], /unknown profile/],
    [['chat', '--profile', 'nope', 'hi'], /unknown profile/],
  ])('%j fails with exit 2 and changes nothing', async (args, said) => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), '{"profiles":{"known":{}}}');
    const { code, stdout, stderr } = await runOrx(args, { home });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain(KEY);
    expect(stored(home)).toEqual({ profiles: { known: {} } });
  });

  test('with a selected profile that does not exist, the commands that fix it work', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), '{"profile":"gone"}');
    const orx = orxAt(home);
    expect((await orx('config', 'list')).code).toBe(2);
    expect(await orx('profile', 'list')).toMatchObject({ code: 0, stderr: expect.stringContaining('"gone" does not exist') });
    expect(await orx('profile', 'use', 'default')).toMatchObject({ code: 0 });
    expect((await orx('config', 'list')).code).toBe(0);
  });

  test('config set and unset change the selected profile, and shared settings for all', async () => {
    const home = tempFolder();
    const orx = orxAt(home);
    await orx('profile', 'set', 'work');
    expect(await orx('--profile', 'work', 'config', 'set', 'model', 'a/b')).toMatchObject({ code: 0, stderr: '' });
    await orx('profile', 'use', 'work');
    expect((await orx('config', 'set', 'seed', '7')).stderr).toBe(
      'note: changed the profile work; for all profiles: orx --profile default config\n',
    );
    await orx('config', 'set', 'favorites', 'x/y');
    await orx('config', 'set', 'seed', '9', '--profile', 'default');
    expect(stored(home)).toEqual({
      profile: 'work',
      favorites: ['x/y'],
      seed: 9,
      profiles: { work: { model: 'a/b', seed: 7 } },
    });
    await orx('config', 'unset', 'seed', 'favorites');
    expect(stored(home)).toEqual({ profile: 'work', seed: 9, profiles: { work: { model: 'a/b' } } });
  });
});

describe('the key of a profile', () => {
  test('is stored by auth login, used by that profile alone, never shown, and removed by auth logout', async () => {
    const site = await startAuthSite();
    const home = tempFolder();
    const env = { OPENROUTER_BASE_URL: site.url };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ model: 'a/b' }));
    chmodSync(join(home, 'config.json'), 0o644);
    const orx = orxAt(home, env);
    await orx('profile', 'set', 'work');
    const login = await runOrx(['--profile', 'work', 'auth', 'login'], { home, env, stdin: GRANTED_KEY });
    expect(login).toMatchObject({ code: 0, stdout: '' });
    expect(login.stderr).toContain('stored the key sk-or-v1-…6789 in the profile work, in ');
    expect(stored(home)).toEqual({ model: 'a/b', profiles: { work: { 'api-key': GRANTED_KEY } } });
    expect(statSync(join(home, 'config.json')).mode & 0o777).toBe(0o600);

    expect((await orx('auth', 'status')).code).toBe(3);
    const status = await orx('auth', 'status', '--profile', 'work');
    expect(status.stdout).toMatch(/^key +sk-or-v1-…6789, from the profile work\n/);
    for (const args of [
      ['profile', 'show', 'work'],
      ['profile', 'show', 'work', '--json'],
      ['profile', 'list', '--json'],
      ['config', 'list', '--profile', 'work'],
      ['config', 'get', 'api-key', '--profile', 'work', '--json'],
      ['doctor', '--offline', '--profile', 'work'],
    ]) {
      const { stdout, stderr } = await orx(...args);
      expect(stdout + stderr).not.toContain(GRANTED_KEY);
      expect(stdout).not.toBe('');
    }
    expect((await orx('profile', 'list')).stdout).toMatch(/work +own/);

    expect((await orx('auth', 'logout')).stderr).toBe('no key was stored\n');
    expect((await orx('--profile', 'work', 'auth', 'logout')).stderr).toContain('removed the key of the profile work from ');
    expect((await orx('--profile', 'work', 'auth', 'logout')).stderr).toBe('the profile work has no stored key\n');
    expect(stored(home)).toEqual({ model: 'a/b', profiles: { work: {} } });
  });

  test('a request uses the model and the key of the profile, and the ledger records its name', async () => {
    const server = await startBillingServer({ 'a/work': FINE, 'a/stored': FINE });
    const home = tempFolder();
    const env = { OPENROUTER_BASE_URL: server.url };
    writeFileSync(
      join(home, 'config.json'),
      JSON.stringify({
        'api-key': 'sk-or-v1-stored',
        model: 'a/stored',
        profiles: { work: { 'api-key': 'sk-or-v1-work', model: 'a/work', system: 'Be brief.' } },
      }),
    );
    const run = (args: string[], more: Record<string, string> = {}) => runOrx(args, { home, env: { ...env, ...more } });
    expect(await run(['chat', '--profile', 'work', 'hi'])).toMatchObject({ code: 0 });
    expect(await run(['--profile', 'work', 'chat', 'hi'], { OPENROUTER_API_KEY: 'sk-or-v1-env' })).toMatchObject({ code: 0 });
    expect(await run(['chat', 'hi'], { ORX_PROFILE: 'work', OPENROUTER_API_KEY: 'sk-or-v1-env' })).toMatchObject({ code: 0 });
    expect(await run(['chat', 'hi'])).toMatchObject({ code: 0 });
    const asked = server.requests.filter(({ url }) => url.endsWith('/chat/completions'));
    expect(asked.map(({ headers, json }) => [headers.authorization, json().model, json().messages.length])).toEqual([
      ['Bearer sk-or-v1-work', 'a/work', 2],
      ['Bearer sk-or-v1-work', 'a/work', 2],
      ['Bearer sk-or-v1-env', 'a/work', 2],
      ['Bearer sk-or-v1-stored', 'a/stored', 1],
    ]);
    const usage = await run(['usage', '--by', 'profile', '--json', '--profile', 'work']);
    expect(usage.stdout).toContain('"work"');
    expect(JSON.parse(usage.stdout)).toMatchObject({ total: { requests: 3 } });
  });
});

describe('key-command', () => {
  const withCommand = async (command: string, args: string[] = ['auth', 'status']): Promise<RunResult> => {
    const site = await startAuthSite();
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'key-command': command }));
    return runOrx(args, { home, env: { OPENROUTER_BASE_URL: site.url } });
  };

  test('its first line is the key', async () => {
    const { code, stdout } = await withCommand(`printf ' ${GRANTED_KEY} \\nuser: me\\n'`);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'key    sk-or-v1-…6789, from key-command']);
  });

  test('there is no shell, and its working folder is the home folder', async () => {
    const { code, stderr } = await withCommand(`echo ${GRANTED_KEY} $HOME`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('invalid character')]);
    expect(stderr).not.toContain(GRANTED_KEY);
    const home = tempFolder();
    mkdirSync(join(home, 'project'));
    writeFileSync(join(home, 'project', 'key.sh'), `#!/bin/sh\necho ${GRANTED_KEY}\n`, { mode: 0o755 });
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'key-command': './key.sh' }));
    const asked = await runOrx(['auth', 'status'], { home });
    expect(asked).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no such program') });
  });

  test.each([
    ['no-such-program-anywhere', 'there is no such program'],
    [`sh -c "echo ${KEY}; echo locked ${KEY} >&2; exit 3"`, 'locked …'],
    [`sh -c "echo ${KEY}; exit 3"`, 'exit 3'],
    ['true', 'it printed nothing'],
    ['head -c 70000 /dev/zero', 'more than 64 KB'],
  ])('%s: exit 3, the reason, and no key', async (command, reason) => {
    const { code, stdout, stderr } = await withCommand(command);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(`error: the key command ${command.split(' ')[0]} failed\n`);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain(KEY);
  });

  test('its environment has no API key', async () => {
    const home = tempFolder();
    const file = join(home, 'seen');
    writeFileSync(
      join(home, 'config.json'),
      JSON.stringify({ profiles: { p: { 'key-command': `sh -c "env > ${file}; echo ${GRANTED_KEY}"` } } }),
    );
    const site = await startAuthSite();
    const env = { OPENROUTER_BASE_URL: site.url, OPENROUTER_API_KEY: KEY };
    expect((await runOrx(['--profile', 'p', 'auth', 'status'], { home, env })).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('ORX_HOME');
    expect(readFileSync(file, 'utf8')).not.toContain(KEY);
  });

  test('is not run to list settings, to store a key, or by a sandbox', async () => {
    for (const args of [
      ['config', 'list'],
      ['config', 'get', 'api-key'],
      ['profile', 'list'],
      ['--sandbox', 'chat', 'hi'],
    ]) {
      expect(await withCommand('no-such-program-anywhere', args)).toMatchObject({ code: 0 });
    }
    const site = await startAuthSite();
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'key-command': 'no-such-program-anywhere' }));
    writeFileSync(join(home, '.orx.json'), 'damaged');
    const env = { OPENROUTER_BASE_URL: site.url };
    // A management key replaces the key.
    const asked = await runOrx(['credits'], { home, env: { ...env, OPENROUTER_MANAGEMENT_KEY: GRANTED_KEY } });
    expect(asked.stderr).not.toMatch(/key command|project file/);
    expect((await runOrx(['auth', 'login'], { home, env, stdin: GRANTED_KEY })).code).toBe(0);
    expect((await runOrx(['auth', 'status'], { home, env })).stdout).toContain('from the file');
  });
});
