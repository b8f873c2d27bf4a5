import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const stored = (home: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as Record<string, unknown>;

describe('where settings are stored', () => {
  test('path prints the location, which is private to the user', async () => {
    const home = join(tempFolder(), 'new');
    const env = { ORX_HOME: home };
    expect((await runOrx(['config', 'path'], { env })).stdout).toBe(`${join(home, 'config.json')}\n`);
    expect(existsSync(home)).toBe(false);
    await runOrx(['config', 'set', 'model', 'a/b'], { env });
    expect([statSync(home).mode & 0o777, statSync(join(home, 'config.json')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test("without ORX_HOME: the platform's folder for settings, in the home folder", async () => {
    const home = tempFolder();
    await runOrx(['config', 'set', 'model', 'a/b'], { home, env: { ORX_HOME: '' } });
    const path = (await runOrx(['config', 'path'], { home, env: { ORX_HOME: '' } })).stdout.trim();
    expect(path.startsWith(home)).toBe(true);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ model: 'a/b' });
  });

  test('ORX_HOME moves every file: the home folder stays empty', async () => {
    const home = tempFolder();
    const env = { ORX_HOME: tempFolder() };
    await runOrx(['config', 'set', 'model', 'a/b'], { home, env });
    await runOrx(['--sandbox', 'models', '--limit', '1'], { home, env });
    await runOrx(['--sandbox', 'chat', 'hello'], { home, env });
    expect(readdirSync(home)).toEqual([]);
    expect(readdirSync(env.ORX_HOME)).toContain('config.json');
  });

  test('an empty HOME is an error, and nothing is written to the working folder', async () => {
    const home = tempFolder();
    const { code, stderr } = await runOrx(['config', 'set', 'model', 'a/b'], { home, env: { HOME: '', ORX_HOME: '' } });
    expect([code, stderr]).toEqual([
      2,
      'error: no folder for settings: HOME is empty\nhint: set HOME, or choose a folder for all files of orx: export ORX_HOME=FOLDER\n',
    ]);
    expect(readdirSync(home)).toEqual([]);
  });

  test('a read-only home: reading works, writing reports why it fails', async () => {
    const env = { HOME: '/dev/null', ORX_HOME: '' };
    expect((await runOrx(['config', 'get', 'retries'], { env })).stdout).toBe('2\n');
    const { code, stderr } = await runOrx(['config', 'set', 'model', 'a/b'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: cannot write the settings file \/dev\/null.*config\.json \(a part of the path is not a folder\)\nhint: .*ORX_HOME/,
    );
  });
});

describe('a folder that is not orx’s own', () => {
  test('keeps its modes if ORX_HOME names it, and so does its config.json without a key', async () => {
    const home = tempFolder();
    const path = join(home, 'config.json');
    writeFileSync(path, '{"name":"a project"}');
    chmodSync(path, 0o644);
    chmodSync(home, 0o755);
    const env = { ORX_HOME: '.' };
    expect(await runOrx(['--sandbox', 'models', '--limit', '1'], { home, env })).toMatchObject({ code: 0 });
    expect(await runOrx(['config', 'list'], { home, env })).toMatchObject({ code: 0 });
    expect([statSync(home).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o755, 0o644]);
  });
});

describe.skipIf(!existsSync('/proc/self'))('a home in which no folder can be created, with a misleading error', () => {
  const env = { HOME: '/proc/nothing', ORX_HOME: '' };
  test('does not lose the answer', async () => {
    const { code, stdout } = await runOrx(['--sandbox', 'models', '--limit', '1'], { env });
    expect([code, stdout.split('\n').length]).toEqual([0, 3]);
  });

  test('accepts no settings, and orx reports it', async () => {
    const { code, stderr } = await runOrx(['config', 'set', 'model', 'a/b'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot write the settings file \/proc\/nothing.*\n.*ORX_HOME/);
  });
});

describe('many processes', () => {
  test('that change different keys at once all succeed', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), '{"from-the-future":[1]}');
    const changes = {
      model: 'a/b',
      system: 's',
      temperature: 1,
      'max-tokens': 5,
      only: ['x'],
      ignore: ['y'],
      zdr: true,
      retries: 3,
      'route-by': 'price',
      stream: false,
    };
    const results = await Promise.all(
      Object.entries(changes).map(([key, value]) => runOrx(['config', 'set', key, String(value)], { home })),
    );
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(results.map(() => [0, '']));
    expect(stored(home)).toEqual({ 'from-the-future': [1], ...changes });
    expect(readdirSync(home)).toEqual(['config.json']);
  });

  test('killed at any time leave the settings intact', async () => {
    const home = tempFolder();
    const system = 'x'.repeat(100_000);
    writeFileSync(join(home, 'config.json'), JSON.stringify({ system }));
    for (let round = 0; round < 12; round += 1) {
      await runOrx(['config', 'set', 'retries', String(round % 10)], {
        home,
        onStart: (child) => void setTimeout(() => child.kill('SIGKILL'), 80 + round * 12),
      });
      expect(stored(home)).toMatchObject({ system });
    }
    expect(await runOrx(['config', 'set', 'retries', '7'], { home })).toMatchObject({ code: 0 });
    expect(stored(home)).toEqual({ system, retries: 7 });
    expect(readdirSync(home)).toEqual(['config.json']);
  });
});
