import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KeptAnswer } from '../../../src/core/answer-cache/cached.ts';
import { diskAnswers } from '../../../src/storage/answer-store/disk.ts';
import { memoryAnswers } from '../../../src/storage/answer-store/memory.ts';
import { tempFolder } from '../../support/temp-home.ts';

const HOUR = 3_600_000;
const KEY = 'a'.repeat(64);

const answerAt = (at: number, text = 'Hello'): KeptAnswer => ({
  at,
  events: [
    { type: 'response-start', id: 'gen-1', model: 'a/b' },
    { type: 'text-delta', text },
    { type: 'response-end', finishReason: 'stop' },
  ],
});

describe('answers in memory', () => {
  test('are returned, and the least used ones are dropped when there are too many', async () => {
    const { get, set } = memoryAnswers(HOUR);
    await set(KEY, answerAt(1));
    expect(await get(KEY)).toEqual(answerAt(1));
    for (let index = 0; index < 140; index += 1) await set(`big-${index}`, answerAt(1, 'x'.repeat(1024 * 1024)));
    expect(await get(KEY)).toBeUndefined();
    expect(await get('big-139')).toBeDefined();
  });
});

describe('answers on the disk', () => {
  const open = (folder: string, clock = { now: 1000 }) => diskAnswers(folder, HOUR, () => clock.now);

  test('outlive the program, private, until they expire', async () => {
    const folder = join(tempFolder(), 'answers');
    const clock = { now: 1000 };
    await (await open(folder, clock)).set(KEY, answerAt(1000));
    const [name] = readdirSync(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, name!)).mode & 0o777).toBe(0o600);
    const { get } = await open(folder, clock);
    expect(await get(KEY)).toEqual(answerAt(1000));
    clock.now = 1000 + HOUR;
    expect(await get(KEY)).toBeUndefined();
    // Setting the clock back makes nothing younger.
    clock.now = 500;
    expect(await get(KEY)).toBeUndefined();
  });

  test('that are damaged, of another layout or missing are requested again', async () => {
    const folder = tempFolder();
    const { get, set } = await open(folder);
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"version":2,"at":1000,"events":[]}',
      '{"version":1,"at":1000}',
      '\u0000',
      // Valid JSON, but no complete answer.
      '{"version":1,"at":1000,"events":[]}',
      '{"version":1,"at":1000,"events":[{"type":"text-delta","text":"Hel"}]}',
      '{"version":1,"at":1000,"events":[null,{"type":"response-end"}]}',
    ]) {
      writeFileSync(join(folder, `${KEY}.json`), text);
      expect(await get(KEY)).toBeUndefined();
    }
    await set(KEY, answerAt(1000));
    expect(await get(KEY)).toEqual(answerAt(1000));
    expect(await get('b'.repeat(64))).toBeUndefined();
  });

  test('that are old are deleted when the folder is opened, and leave no partial files', async () => {
    const folder = tempFolder();
    const { set } = await open(folder, { now: Date.now() });
    await set(KEY, answerAt(1));
    await set('b'.repeat(64), answerAt(1));
    utimesSync(join(folder, `${KEY}.json`), 1, 1);
    await open(folder, { now: Date.now() });
    expect(readdirSync(folder)).toEqual([`${'b'.repeat(64)}.json`]);
  });

  test('are unavailable, without an error, if the disk fails, which is reported', async () => {
    const folder = join(tempFolder(), 'answers');
    const failures: Error[] = [];
    const { get, set } = await diskAnswers(folder, HOUR, () => 1000, { onFailure: (error) => void failures.push(error) });
    await set(`missing/${KEY}`, answerAt(1000));
    expect(await get(`missing/${KEY}`)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    // A folder that was deleted is made again, unless a file has taken its place.
    rmSync(folder, { recursive: true });
    await set(KEY, answerAt(1000));
    expect(await get(KEY)).toEqual(answerAt(1000));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    await set(KEY, answerAt(1000));
    expect(await get(KEY)).toBeUndefined();
    expect(failures.map(({ message }) => message)).toEqual([
      `cannot store answers in ${folder} (the folder does not exist)`,
      `cannot store answers in ${folder} (a part of the path is not a folder)`,
    ]);
    await expect(open(folder)).rejects.toMatchObject({
      kind: 'usage',
      message: `cannot store answers in ${folder} (a part of the path is not a folder)`,
    });
  });

  test('use limited space, also while the folder is open', async () => {
    const folder = tempFolder();
    const mostBytes = 100_000;
    const { set } = await diskAnswers(folder, HOUR, Date.now, { mostBytes });
    for (let index = 0; index < 60; index += 1) {
      const key = String(index).padStart(64, '0');
      await set(key, answerAt(1000, 'x'.repeat(5000)));
      // Files of the same millisecond have no order.
      utimesSync(join(folder, `${key}.json`), Date.now() / 1000, Date.now() / 1000 - 100 + index);
    }
    const names = readdirSync(folder);
    expect(names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThanOrEqual(mostBytes);
    expect(names.length).toBeGreaterThan(10);
    expect(names.toSorted()[0]! > '0'.repeat(62) + '30').toBe(true);
  });
});
