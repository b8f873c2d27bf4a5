import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ModelLimit, openSharedLimits } from '../../../src/storage/limits/shared-limits.ts';
import { thisProcess } from '../../../src/storage/files/owner.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ACCOUNT = JSON.stringify(['https://api.example', 'sk-or-v1-0123456789abcdef']);
const RATE = { requests: 2, windowMs: 60_000 };
/** A process that has ended. */
const ENDED = 999_999_999;

/** The limits as processes that share a folder see them, with one clock. */
function machine(folder = join(tempFolder(), 'limits')) {
  const clock = { now: 1_800_000_000_000 };
  const process_ = (pid = process.pid, model = 'a/b'): ModelLimit =>
    openSharedLimits({ folder, now: () => clock.now, owner: { ...thisProcess(), pid } }).of(ACCOUNT)(model);
  return { folder, clock, process: process_ };
}

const refusal = (more: object = {}) => ({ ageMs: 10, retryAfterMs: 1000, rate: undefined, ...more });

describe('before anything was learned', () => {
  test('every request may start, and nothing is written', async () => {
    const { folder, process } = machine();
    const limit = process();
    expect(await limit.ask('1')).toBeUndefined();
    expect(limit.expect(0)).toBeUndefined();
    await limit.succeed('1');
    await limit.leave('1');
    expect(() => statSync(folder)).toThrow('ENOENT');
  });
});

describe('after a refusal', () => {
  test('all processes wait as long as the server asks', async () => {
    const { clock, process } = machine();
    await process().refuse(refusal({ retryAfterMs: 5000 }));
    expect(await process().ask('1')).toBe(5000);
    clock.now += 4000;
    expect(await process().ask('2')).toBe(1000);
    clock.now += 1000;
    expect(await process().ask('1')).toBe(0);
  });

  test('other models and other keys do not wait', async () => {
    const { folder, process } = machine();
    await process().refuse(refusal());
    expect(await process(undefined, 'a/c').ask('1')).toBeUndefined();
    const other = openSharedLimits({ folder, now: () => 1_800_000_000_000 }).of('another account')('a/b');
    expect(await other.ask('1')).toBeUndefined();
  });

  test('only hashes of the key and the model are stored, readable by the user alone', async () => {
    const { folder, process } = machine();
    await process().refuse(refusal());
    const [name = ''] = readdirSync(folder);
    expect(name).toMatch(/^[0-9a-f]{16}\.json$/);
    expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/sk-or|a\/b|example/);
    expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  });

  test('a quota of hours is not waited for', async () => {
    const { process } = machine();
    await process().refuse(refusal({ retryAfterMs: 6 * 3_600_000, rate: RATE }));
    expect(await process().ask('1')).toBe(0);
  });

  test('a limit that no refusal repeats is forgotten after ten minutes, with its file', async () => {
    const { folder, clock, process } = machine();
    await process().refuse(refusal({ rate: RATE }));
    clock.now += 601_000;
    expect(await process().ask('1')).toBeUndefined();
    expect(() => statSync(folder)).toThrow('ENOENT');
  });

  test('a clock that was set back ends every wait', async () => {
    const { clock, process } = machine();
    await process().refuse(refusal({ retryAfterMs: 60_000, rate: RATE }));
    clock.now -= 3_600_000;
    expect(await process().ask('1')).toBeUndefined();
  });
});

describe('a rate', () => {
  test('of two per minute starts two requests of all processes in any minute, in the order in which they asked', async () => {
    const { clock, process } = machine();
    await process().refuse(refusal({ retryAfterMs: 0, rate: RATE }));
    const ids = ['1', '2', '3', '4', '5'];
    const limits = ids.map(() => process());
    const starts: { id: string; at: number }[] = [];
    for (let waiting = ids; waiting.length > 0;) {
      const waits = [];
      const left = [];
      for (const id of waiting) {
        const waitMs = await limits[ids.indexOf(id)]!.ask(id);
        if (waitMs === 0) starts.push({ id, at: clock.now });
        else left.push(id);
        if (waitMs !== 0) waits.push(waitMs!);
      }
      waiting = left;
      clock.now += Math.min(1000, ...waits);
    }
    expect(starts.map(({ id }) => id)).toEqual(ids);
    const spans = starts.slice(2).map(({ at }, index) => at - starts[index]!.at);
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(RATE.windowMs);
    // Nobody waits longer than the rate requires, apart from its margin.
    expect(starts.at(-1)!.at - starts[0]!.at).toBeLessThan(2 * RATE.windowMs * 1.1);
  });

  test('a request that is not sent any more frees its place', async () => {
    const { process } = machine();
    await process().refuse(refusal({ retryAfterMs: 0, rate: { requests: 1, windowMs: 60_000 } }));
    expect(await process().ask('1')).toBe(0);
    const second = process();
    const waitMs = await second.ask('2');
    const third = await process().ask('3');
    expect(third).toBeGreaterThanOrEqual(waitMs!);
    await second.leave('2');
    expect(await process().ask('3')).toBe(waitMs);
  });
});

describe('without a rate', () => {
  test('one request runs at once after a refusal, and one more with each round of answers', async () => {
    const { clock, process } = machine();
    const limit = process();
    await limit.refuse(refusal());
    clock.now += 1000;
    expect(await limit.ask('1')).toBe(0);
    expect(await process().ask('2')).toBeGreaterThan(0);
    await limit.succeed('1');
    expect(await process().ask('2')).toBe(0);
    expect(await process().ask('3')).toBe(0);
    expect(await process().ask('4')).toBeGreaterThan(0);
  });

  test('a process that was killed blocks nobody', async () => {
    const { clock, process } = machine();
    await process().refuse(refusal());
    clock.now += 1000;
    expect(await process(ENDED).ask('1')).toBe(0);
    expect(await process().ask('2')).toBe(0);
    expect(await process().ask('3')).toBeGreaterThan(0);
  });

  test('a process that is stopped while it waits loses its place', async () => {
    const { clock, process } = machine();
    await process().refuse(refusal({ retryAfterMs: 0, rate: { requests: 1, windowMs: 10_000 } }));
    expect(await process().ask('1')).toBe(0);
    expect(await process().ask('stopped')).toBeGreaterThan(0);
    expect(await process().ask('2')).toBeGreaterThan(0);
    clock.now += 13_000;
    expect(await process().ask('2')).toBe(0);
  });

  test('a refusal of a request that was sent before the last one does not lower the limit again', async () => {
    const { clock, process } = machine();
    const limit = process();
    await limit.refuse(refusal());
    clock.now += 1000;
    for (let count = 0; count < 4; count += 1) await limit.succeed('');
    clock.now += 1000;
    await limit.refuse(refusal({ ageMs: 5000, retryAfterMs: 0 }));
    clock.now += 1;
    expect(await limit.ask('1')).toBe(0);
    expect(await limit.ask('2')).toBe(0);
  });
});

describe('what a server expects without asking', () => {
  test('comes from memory, is at most 200 ms old, and changes no file', async () => {
    const { folder, clock, process } = machine();
    const server = process();
    expect(server.expect(0)).toBeUndefined();
    await process().refuse(refusal({ retryAfterMs: 5000 }));
    expect(server.expect(0)).toBeUndefined();
    clock.now += 200;
    const path = join(folder, readdirSync(folder)[0]!);
    const before = readFileSync(path, 'utf8');
    expect(server.expect(0)).toBe(4800);
    clock.now += 1000;
    expect(server.expect(0)).toBe(3800);
    expect(readFileSync(path, 'utf8')).toBe(before);
    clock.now += 601_000;
    expect(server.expect(0)).toBeUndefined();
  });

  test('is the wait that the requests really have, whatever their number', async () => {
    const check = fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }), async (requests, ahead) => {
      const { clock, process } = machine();
      const limit = process();
      await limit.refuse(refusal({ retryAfterMs: 0, rate: { requests, windowMs: 60_000 } }));
      clock.now += 1;
      const startedAt = clock.now;
      const expected = limit.expect(ahead);
      for (let started = 0; started <= ahead;) {
        const waitMs = await limit.ask(String(started));
        if (waitMs === 0) started += 1;
        else clock.now += waitMs!;
      }
      expect(clock.now - startedAt).toBe(expected);
    });
    await fc.assert(check, { numRuns: 20 });
  });

  test('is not now if other requests run and no rate is known', async () => {
    const { clock, process } = machine();
    const limit = process();
    await limit.refuse(refusal());
    clock.now += 1000;
    expect([limit.expect(0), limit.expect(1)]).toEqual([0, 100]);
    expect(await process().ask('1')).toBe(0);
    clock.now += 200;
    expect(limit.expect(0)).toBe(100);
  });
});

describe('a reply that leaves few requests', () => {
  test('lets that many requests of all processes start before the reset, and is forgotten then', async () => {
    const { folder, clock, process } = machine();
    await process().note({ requests: 2, forMs: 30_000 });
    expect([await process().ask('1'), await process().ask('2')]).toEqual([0, 0]);
    expect(await process().ask('3')).toBe(30_000);
    clock.now += 10_000;
    expect(await process().ask('3')).toBe(20_000);
    expect(process().expect(0)).toBe(20_000);
    clock.now += 20_000;
    expect(await process().ask('3')).toBeUndefined();
    expect(() => statSync(folder)).toThrow('ENOENT');
  });

  test('and says less than an earlier one changes nothing, and writes nothing', async () => {
    const { folder, process } = machine();
    const limit = process();
    await limit.note({ requests: 1, forMs: 30_000 });
    const path = join(folder, readdirSync(folder)[0]!);
    utimesSync(path, 1, 1);
    await limit.note({ requests: 2, forMs: 30_000 });
    expect(statSync(path).mtimeMs).toBe(1000);
    expect([await limit.ask('1'), await limit.ask('2')]).toEqual([0, 30_000]);
  });

  test('does not end what a refusal has said', async () => {
    const { clock, process } = machine();
    await process().refuse(refusal({ retryAfterMs: 0, rate: { requests: 1, windowMs: 60_000 } }));
    await process().note({ requests: 1, forMs: 5000 });
    expect(await process().ask('1')).toBe(0);
    clock.now += 6000;
    expect(await process().ask('2')).toBeGreaterThan(50_000);
  });
});

describe('many requests that are refused at once', () => {
  test('halve the requests that ran, once', async () => {
    const { clock, process } = machine();
    const limit = process();
    for (let running = 20; running > 0; running -= 1) await limit.refuse(refusal({ running }));
    clock.now += 1000;
    for (let count = 0; count < 10; count += 1) expect(await limit.ask(`${count}`)).toBe(0);
    expect(await limit.ask('10')).toBeGreaterThan(0);
  });

  test('write the file again only for what is new', async () => {
    const { folder, process } = machine();
    const limit = process();
    await limit.refuse(refusal({ ageMs: 500 }));
    const path = join(folder, readdirSync(folder)[0]!);
    const first = readFileSync(path, 'utf8');
    utimesSync(path, 1, 1);
    await limit.refuse(refusal({ ageMs: 400 }));
    expect([statSync(path).mtimeMs, readFileSync(path, 'utf8')]).toEqual([1000, first]);
    await limit.refuse(refusal({ ageMs: 400, retryAfterMs: 9000 }));
    expect(await limit.ask('1')).toBe(9000);
    await limit.refuse(refusal({ ageMs: 400, rate: RATE }));
    expect(readFileSync(path, 'utf8')).toContain('"rate":{"requests":2');
  });
});

describe('the file', () => {
  test('is changed in place and never gets shorter, so that a reader without a lock finds a complete state', async () => {
    const { folder, clock, process } = machine();
    const limit = process();
    await limit.refuse(refusal({ retryAfterMs: 0, rate: { requests: 9, windowMs: 60_000 } }));
    const path = join(folder, readdirSync(folder)[0]!);
    const { ino } = statSync(path, { bigint: true });
    const sizes: number[] = [];
    for (const id of ['1', '2', '3']) {
      expect(await limit.ask(id)).toBe(0);
      sizes.push(statSync(path).size);
      await limit.succeed(id);
      sizes.push(statSync(path).size);
      clock.now += 1;
    }
    clock.now += 200;
    for (const id of ['4', '5', '6', '7', '8', '9']) expect(await limit.ask(id)).toBe(0);
    expect(statSync(path, { bigint: true }).ino).toBe(ino);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(process().expect(0)).toBeGreaterThan(50_000);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('files that cannot be used', () => {
  const damages: [string, string][] = [
    ['empty', ''],
    ['not JSON', '{"learnedAt":'],
    ['another object', '{}'],
    ['a negative rate', '{"learnedAt":1,"until":1,"sent":[],"requests":[],"rate":{"requests":-1,"windowMs":1}}'],
    ['an endless wait', '{"learnedAt":1800000000000,"until":9e99,"sent":[],"requests":[]}'],
    ['requests of another type', '{"learnedAt":1800000000000,"until":1,"sent":[],"requests":[7]}'],
    ['a negative rest', '{"learnedAt":1800000000000,"until":1,"sent":[],"requests":[],"left":{"requests":-1,"until":1}}'],
    ['an endless rest', '{"learnedAt":1800000000000,"until":1,"sent":[],"requests":[],"left":{"requests":0,"until":9e15}}'],
    ['too large', ' '.repeat(300_000)],
  ];
  test.each(damages)('a file that is %s never delays a request', async (_name, content) => {
    const { folder, process } = machine();
    await process().refuse(refusal());
    const path = join(folder, readdirSync(folder)[0]!);
    writeFileSync(path, content);
    expect((await process().ask('1')) ?? 0).toBe(0);
    await process().refuse(refusal());
    expect(await process().ask('2')).toBe(1000);
  });

  test('a folder that is a file limits this process alone', async () => {
    const folder = join(tempFolder(), 'limits');
    writeFileSync(folder, '');
    const { process } = machine(folder);
    const limits = openSharedLimits({ folder, now: () => 0 }).of(ACCOUNT);
    await limits('a/b').refuse(refusal());
    expect(await limits('a/b').ask('1')).toBe(1000);
    expect(await process().ask('2')).toBeUndefined();
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written limits this process alone', async () => {
    const folder = join(tempFolder(), 'limits');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const limits = openSharedLimits({ folder, now: () => 0 }).of(ACCOUNT);
    await limits('a/b').refuse(refusal());
    expect(await limits('a/b').ask('1')).toBe(1000);
  });

  test('a lock that a killed process left is removed', async () => {
    const { folder, process } = machine();
    await process().refuse(refusal());
    writeFileSync(`${join(folder, readdirSync(folder)[0]!)}.lock`, 'left');
    expect(await process().ask('1')).toBe(1000);
  });
});
