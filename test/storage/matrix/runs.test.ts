import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMatrixRuns } from '../../../src/storage/matrix/runs.ts';
import { tempFolder } from '../../support/temp-home.ts';

const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(26)) as [string, string, string];

function run(id: string, source = '/a.csv') {
  return { id, at: 1, source, lanes: ['one'], cells: 2, orx: '1' };
}

test('the latest run of a file is the newest one with its path, whatever other files ran since', () => {
  const folder = join(tempFolder(), 'runs');
  const runs = openMatrixRuns(folder);
  expect([runs.latest('/a.csv'), runs.list()]).toEqual([undefined, []]);
  for (const [id, source] of [
    [FIRST, '/a.csv'],
    [SECOND, '/a.csv'],
    [THIRD, '/b.csv'],
  ] as const)
    runs.create(run(id, source), { isTemporary: false }).close();
  writeFileSync(join(folder, `${'9'.repeat(26)}.jsonl`), 'nothing');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  expect([runs.latest('/a.csv'), runs.latest('/b.csv'), runs.latest('/c.csv')]).toEqual([SECOND, THIRD, undefined]);
  expect(runs.list().map(({ run: { id }, isActive }) => [id, isActive])).toEqual([
    [THIRD, false],
    [SECOND, false],
    [FIRST, false],
  ]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a run is removed with its file, and an id cannot name any other file', () => {
  const folder = tempFolder();
  const runs = openMatrixRuns(folder);
  runs.create(run(FIRST), { isTemporary: false }).close();
  writeFileSync(join(folder, 'other.jsonl'), '');
  for (const id of ['other', '../x', SECOND, '']) expect(() => runs.remove(id)).toThrow(`unknown run "${id}"`);
  runs.remove(FIRST);
  expect(readdirSync(folder)).toEqual(['other.jsonl']);
});

test('two processes never work on one run; the lock of a dead one does not count', () => {
  const folder = tempFolder();
  const here = { pid: 10, host: 'me', isRunning: (pid: number) => pid === 10 };
  const runs = openMatrixRuns(folder, here);
  const journal = runs.create(run(FIRST), { isTemporary: false });
  const others = openMatrixRuns(folder, { ...here, pid: 11 });
  expect(() => others.open(FIRST)).toThrow('another orx is working on run');
  expect(() => others.remove(FIRST)).toThrow('another orx is working on run');
  expect(others.list()[0]?.isActive).toBe(true);
  const later = openMatrixRuns(folder, { pid: 12, host: 'me', isRunning: (pid) => pid !== 10 });
  later.open(FIRST).close();
  writeFileSync(join(folder, `${FIRST}.lock`), '');
  later.open(FIRST).close();
  writeFileSync(join(folder, `${FIRST}.lock`), JSON.stringify({ pid: 10, host: 'elsewhere' }));
  expect(() => later.open(FIRST)).toThrow('another orx is working on run');
  journal.close();
});

test('a temporary journal works, and leaves nothing behind', () => {
  const folder = tempFolder();
  const runs = openMatrixRuns(folder);
  const journal = runs.create(run(FIRST), { isTemporary: true });
  journal.append({ type: 'answer', key: 'a', at: 1, state: 'answered', text: 'x', attempts: 1 });
  expect(journal.read('a')?.text).toBe('x');
  // Windows keeps open files until they are closed.
  expect(existsSync(journal.path)).toBe(process.platform === 'win32');
  journal.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be created is an error that says how to go on', () => {
  const folder = join(tempFolder(), 'file');
  writeFileSync(folder, '');
  expect(() => openMatrixRuns(join(folder, 'runs')).create(run(FIRST), { isTemporary: false })).toThrow('cannot create');
});
