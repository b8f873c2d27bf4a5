import { describe, expect, test } from 'vitest';
import { remember, rememberLoaded } from '../../src/core/remember.ts';

function counted(load: (key: string, call: number) => Promise<string>, clock = { now: 0 }) {
  const calls: string[] = [];
  const find = remember(
    (key) => load(key, calls.push(key)),
    1000,
    () => clock.now,
  );
  return { calls, find, clock };
}

describe('a remembered look-up', () => {
  test('runs once per key until it expires, also for concurrent callers', async () => {
    const { calls, find, clock } = counted(async (key, call) => `${key}${call}`);
    expect(await Promise.all([find('a'), find('a'), find('b')])).toEqual(['a1', 'a1', 'b2']);
    clock.now = 999;
    expect(await find('a')).toBe('a1');
    clock.now = 1000;
    expect(await find('a')).toBe('a3');
    expect(calls).toEqual(['a', 'b', 'a']);
  });

  test('that failed runs again', async () => {
    const { find } = counted(async (_, call) => {
      if (call === 1) throw new Error('down');
      return 'up';
    });
    await expect(find('a')).rejects.toThrow('down');
    expect(await find('a')).toBe('up');
  });

  test('keeps a bounded number of results', async () => {
    const { calls, find } = counted(async (key) => key);
    for (let index = 0; index < 5000; index += 1) await find(`made-up-${index}`);
    await find('made-up-0');
    expect(calls).toHaveLength(5001);
  });
});

test('what has been loaded is returned without a promise until it expires', async () => {
  const clock = { now: 0 };
  const calls: string[] = [];
  const find = rememberLoaded(
    async (key) => {
      calls.push(key);
      if (key === 'down') throw new Error('down');
      return `${key}${calls.length}`;
    },
    1000,
    () => clock.now,
  );
  const first = find('a');
  expect(first).toBeInstanceOf(Promise);
  expect(await first).toBe('a1');
  expect(find('a')).toBe('a1');
  clock.now = 1000;
  expect(find('a')).toBeInstanceOf(Promise);
  expect(await find('a')).toBe('a2');
  await expect(find('down')).rejects.toThrow('down');
  await expect(find('down')).rejects.toThrow('down');
  expect(calls).toEqual(['a', 'a', 'down', 'down']);
});
