import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommand } from '../../support/parse-command.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const orxAt =
  (home: string) =>
  (...args: string[]): Promise<RunResult> =>
    runOrx(args, { home, env: { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: '100000' } });

test('a group without a subcommand prints its list or its status', async () => {
  const orx = orxAt(tempFolder());
  await orx('budget', 'add', '--month', '20');
  await orx('alias', 'add', 'fast', 'deepseek/deepseek-chat');
  await orx('chat', 'hello');
  for (const [group, verb] of [
    ['alias', 'list'],
    ['fav', 'list'],
    ['mcp', 'list'],
    ['config', 'list'],
    ['templates', 'list'],
    ['vendors', 'list'],
    ['history', 'list'],
    ['budget', 'list'],
    ['auth', 'status'],
    ['ledger', 'show'],
    ['serve keys', 'list'],
  ] as const) {
    const words = group.split(' ');
    const bare = await orx(...words);
    expect({ group, code: bare.code, isEmpty: bare.stdout + bare.stderr === '' }).toEqual({ group, code: 0, isEmpty: false });
    expect((await orx(...words, '--json')).stdout).toMatch(/^[[{]/);
    expect(await parseCommand([...words, '--json'])).toEqual(await parseCommand([...words, verb, '--json']));
  }
});

test('orx ledger show summarizes the ledger', async () => {
  const orx = orxAt(tempFolder());
  const empty = JSON.parse((await orx('ledger', '--json')).stdout) as Record<string, unknown>;
  expect(empty).toMatchObject({ path: expect.stringContaining('ledger'), entries: 0, first: null, last: null, cost: '0' });
  await orx('chat', 'hello');
  await orx('chat', 'again');
  const { stdout } = await orx('cost', '--since', 'today', '--json');
  const { total } = JSON.parse(stdout) as { total: { cost: string } };
  expect(JSON.parse((await orx('ledger', 'show', '--json')).stdout)).toMatchObject({
    entries: 2,
    first: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    cost: total.cost,
  });
  expect((await orx('ledger')).stdout).toMatch(
    /^path +\S.*\nentries +2\nperiod +\d{4}-.* to \d{4}-.*\ncost +\$0\.\d+ \(SANDBOX.*\)\n$/,
  );
});

test('old names of verbs, flags and settings still work', async () => {
  const home = tempFolder();
  const orx = orxAt(home);
  const quiet = { code: 0, stdout: '' };
  expect(await orx('alias', 'set', 'fast', 'deepseek/deepseek-chat')).toMatchObject(quiet);
  expect(await orx('alias', 'rm', 'fast')).toMatchObject(quiet);
  expect((await orx('alias')).stdout).toBe('');
  expect(await orx('budget', 'set', '--month', '20')).toMatchObject({ code: 0, stdout: expect.stringContaining('20') });
  expect(await orx('budget', 'rm', '1')).toMatchObject(quiet);
  expect((await orx('serve', 'keys', 'create', 'laptop')).code).toBe(0);
  expect((await orx('serve', 'keys', 'revoke', 'laptop')).code).toBe(0);
  expect((await runOrx(['templates', 'new', 'short'], { home, stdin: 'Be brief: {{input}}' })).code).toBe(0);
  expect((await orx('templates', 'delete', 'short')).code).toBe(0);
  await orx('chat', 'hello');
  const [{ id }] = JSON.parse((await orx('history', '--json')).stdout) as [{ id: string }];
  expect((await orx('history', 'delete', id)).code).toBe(0);
  expect(JSON.parse((await orx('history', '--json')).stdout)).toEqual([]);
  expect((await orx('config', 'show', 'model')).stdout).toBe('deepseek/deepseek-chat\n');
  expect((await orx('favourites', 'add', 'deepseek/deepseek-chat')).code).toBe(0);
  for (const flag of ['--favorites', '--favourites'])
    expect((await orx('models', flag, '-o', 'ids')).stdout).toBe('deepseek/deepseek-chat\n');
  expect((await orx('models', 'list', '--favorites', '-o', 'ids')).stdout).toBe('deepseek/deepseek-chat\n');
});

test('favorites of an earlier version are read, and get their new name with the next change', async () => {
  const home = tempFolder();
  const orx = orxAt(home);
  const path = join(home, 'config.json');
  writeFileSync(path, JSON.stringify({ favourites: ['a/b'], later: 1 }));
  expect((await orx('fav')).stdout).toBe('a/b\n');
  expect((await orx('config', 'get', 'favourites')).stdout).toBe('a/b\n');
  expect(await orx('fav', 'add', 'deepseek/deepseek-chat')).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ favorites: ['a/b', 'deepseek/deepseek-chat'], later: 1 });
  writeFileSync(path, JSON.stringify({ favourites: ['a/b'] }));
  expect(await orx('config', 'unset', 'favourites')).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({});
});
