import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withFileLock } from '../../../src/storage/files/file-lock.ts';
import { tempFolder } from '../../support/temp-home.ts';

const lockIn = (folder: string): string => join(folder, 'x.lock');

test('holds the lock while it works and never after', async () => {
  const path = lockIn(tempFolder());
  expect(await withFileLock(path, () => existsSync(path))).toBe(true);
  expect(existsSync(path)).toBe(false);
  await expect(
    withFileLock(path, () => {
      throw new Error('work failed');
    }),
  ).rejects.toThrow('work failed');
  expect(existsSync(path)).toBe(false);
});

test('waits for a lock of another process, and gives up with the name of the file', async () => {
  const path = lockIn(tempFolder());
  writeFileSync(path, 'another');
  let isDone = false;
  await expect(withFileLock(path, () => (isDone = true), { patienceMs: 100 })).rejects.toThrow(
    expect.objectContaining({ code: 'locked', message: expect.stringContaining(path) }),
  );
  expect([isDone, existsSync(path)]).toEqual([false, true]);
});

test.each([
  ['old', -60],
  ['from a future that a clock set back has made', 3600],
])('a lock that is %s was left behind: it is broken, by one of many at a time', async (_, seconds) => {
  const path = lockIn(tempFolder());
  const then = Date.now() / 1000 + seconds;
  for (const name of [path, `${path}.break`]) {
    writeFileSync(name, 'a dead process');
    utimesSync(name, then, then);
  }
  let inside = 0;
  const runs = Array.from({ length: 20 }, () =>
    withFileLock(path, () => {
      inside += 1;
      const alone = inside === 1 && existsSync(path);
      inside -= 1;
      return alone;
    }),
  );
  expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, () => true));
  expect([existsSync(path), existsSync(`${path}.break`)]).toEqual([false, false]);
});

test('a lock that was taken over meanwhile is left to its new owner', async () => {
  const path = lockIn(tempFolder());
  await withFileLock(path, () => writeFileSync(path, 'the new owner'));
  expect(existsSync(path)).toBe(true);
});

test('the lock of a process that was killed is broken at once, by one of many', async () => {
  const path = lockIn(tempFolder());
  const token = await withFileLock(path, () => readFileSync(path, 'utf8'));
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeFileSync(path, token.replace(/^\d+/, `${pid}`));
  let inside = 0;
  // Waiting for its age would take longer than a test may.
  const options = { staleMs: 3_600_000, patienceMs: 3_600_000 };
  const runs = Array.from({ length: 20 }, () => withFileLock(path, () => ((inside += 1), existsSync(path)), options));
  expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, () => true));
  expect([inside, existsSync(path)]).toEqual([20, false]);
});

test.each([
  ['of a process that runs', (token: string) => token],
  ['of another machine', (token: string, dead: number) => token.replace(/^\d+ (\w+) .*$/s, `${dead} $1 elsewhere`)],
  ['of an earlier orx', (token: string) => token.split(' ')[1]!],
])('a lock %s is not broken before its time', async (_, changed) => {
  const path = lockIn(tempFolder());
  const token = await withFileLock(path, () => readFileSync(path, 'utf8'));
  writeFileSync(path, changed(token, spawnSync(process.execPath, ['-e', '0']).pid));
  await expect(withFileLock(path, () => 0, { patienceMs: 100 })).rejects.toMatchObject({ code: 'locked' });
  expect(existsSync(path)).toBe(true);
});
