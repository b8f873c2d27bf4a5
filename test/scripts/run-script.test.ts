import { describe, expect, test } from 'vitest';
import { scriptRunner } from '../../src/scripts/run-script.ts';
import { withinTime } from '../../src/scripts/within-time.ts';

const runScript = scriptRunner();
const run = (code: string, output: unknown = 'Hello', context: Record<string, unknown> = {}): ReturnType<typeof runScript> =>
  runScript({ code, output, context });
const value = async (code: string, output?: unknown, context?: Record<string, unknown>): Promise<unknown> => {
  const outcome = await run(code, output, context);
  return outcome.state === 'returned' ? outcome.value : outcome.reason;
};

describe('a script', () => {
  test.each<[string, unknown]>([
    ['output.length > 3', true],
    ["output.toLowerCase().includes('ell')", true],
    ['Math.max(0, Math.min(1, 1 - (output.length - 100) / 900));', 1],
    ['const n = output.length;\nreturn n === 5;', true],
    ['const n = output.length;\nn > 2 && n < 9;', true],
    ['(() => { try { return JSON.parse(output) } catch (e) { return false; } })()', false],
    ['(output, context) => output + context.vars.a', 'Hello1'],
    ['{ pass: true, score: 0.5, reason: vars.a }', { pass: true, score: 0.5, reason: 1 }],
    ['return await Promise.resolve(output)', 'Hello'],
    ['async () => output', 'Hello'],
    ['output // a comment', 'Hello'],
    ['undefined', undefined],
    [
      '[typeof process, typeof require, typeof fetch, typeof console, typeof globalThis.module].join()',
      'undefined,undefined,undefined,undefined,undefined',
    ],
  ])('%s', async (code, expected) => {
    expect(await value(code, 'Hello', { vars: { a: 1 } })).toEqual(expected);
  });

  test('gets the value of a transform', async () => {
    expect(await value('output.color === "purple"', { color: 'purple' })).toBe(true);
  });

  test.each([
    ['this.constructor.constructor("return process")()', "'process' is not defined"],
    ['output.constructor.constructor("return require")()("fs")', "'require' is not defined"],
    ['(async () => {}).constructor("return process.env")()', "'process' is not defined"],
    ['import("node:fs")', 'the script failed'],
    ['while (true) {}', 'ran longer than 200 ms'],
    ['/^(a+)+$/.test("a".repeat(60) + "b")', 'ran longer than 200 ms'],
    ['(async () => { for (;;) await 1; })()', 'the script'],
    ['"x".repeat(1e9)', 'needed more than 16 MB'],
    ['const a = []; for (;;) a.push(new Uint8Array(1e6))', 'needed more than 16 MB'],
    ['function f() { f() }\nf()', 'stack overflow'],
    ['new Promise(() => {})', 'never settled'],
    ['throw new Error("own")', 'own'],
    ['throw undefined', 'the script threw'],
    ['return (', 'SyntaxError'],
    ['Promise.reject(new TypeError("late"))', 'TypeError: late'],
  ])('%s fails without harm', async (code, reason) => {
    expect(await run(code)).toEqual({ state: 'failed', reason: expect.stringContaining(reason) as string });
    expect(await value('1 + 1')).toBe(2);
  });

  test('leaves nothing for the next one', async () => {
    await run('globalThis.left = 1; JSON.parse = () => "changed"; Object.prototype.polluted = 1; true');
    expect(await value('[typeof left, JSON.parse("1"), typeof {}.polluted].join()')).toBe('undefined,1,undefined');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('work with a time limit', () => {
  test('returns its value, or throws its error', () => {
    expect(withinTime(() => /b/.test('abc'))).toEqual({ value: true });
    expect(() =>
      withinTime(() => {
        throw new RangeError('own');
      }),
    ).toThrow(RangeError);
  });

  test('ends a pattern that backtracks for years', () => {
    expect(withinTime(() => /^(a+)+$/.test(`${'a'.repeat(60)}b`))).toBeUndefined();
  });
});
