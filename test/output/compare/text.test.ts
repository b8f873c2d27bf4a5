import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompareState, reduceCompare, startCompare } from '../../../src/core/compare/state.ts';
import type { LaneEvent } from '../../../src/core/compare/merge-lanes.ts';
import { OrxError } from '../../../src/errors.ts';
import { laneNote } from '../../../src/output/compare/lane.ts';
import { comparisonText, lanesText } from '../../../src/output/compare/text.ts';
import { createTheme } from '../../../src/output/text/theme.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { lanesOf } from '../../support/lanes.ts';

type Change = LaneEvent<CompletionEvent>;
const print = (lane: number, text: string): Change => ({ type: 'event', lane, event: { type: 'text-delta', text } });
const think = (lane: number, text: string): Change => ({ type: 'event', lane, event: { type: 'reasoning-delta', text } });
const retry = (lane: number): Change => ({
  type: 'event',
  lane,
  event: { type: 'retry', attempt: 1, error: limited, waitMs: 1 },
});
const end = (lane: number): Change => ({ type: 'end', lane });
const fail = (lane: number, error: unknown): Change => ({ type: 'failure', lane, error });
const limited = new OrxError('rate limited by OpenAI (429)', { kind: 'rate-limit' });
const stopped = new OrxError('stopped', { kind: 'interrupted' });
const PLAIN = createTheme('none', {}, {});

/** Returns the content of standard output after each of the changes. */
async function outputs(models: readonly string[], changes: readonly Change[], isTTY = false): Promise<string[]> {
  const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  const text = comparisonText({ stdout, theme: PLAIN });
  let state: CompareState = startCompare(lanesOf(models), 0);
  let written = '';
  const seen: string[] = [];
  for (const change of changes) {
    state = reduceCompare(state, change, 1);
    await text.see({ change, state });
    await new Promise((resolve) => setImmediate(resolve));
    written += (stdout.read() as string | null) ?? '';
    seen.push(written);
  }
  await text.end();
  return seen;
}

async function output(models: readonly string[], changes: readonly Change[], isTTY = false): Promise<string> {
  return (await outputs(models, changes, isTTY)).at(-1)!;
}

describe('compareText', () => {
  it('writes the first lane as it arrives and the others in turn', async () => {
    const seen = await outputs(
      ['x/a', 'x/b', 'x/c'],
      [print(1, 'B1 '), print(0, 'A1 '), print(2, 'C1'), end(2), print(0, 'A2'), end(0), print(1, 'B2'), end(1)],
    );
    expect(seen).toEqual([
      '',
      '## x/a\n\nA1 ',
      '## x/a\n\nA1 ',
      '## x/a\n\nA1 ',
      '## x/a\n\nA1 A2',
      '## x/a\n\nA1 A2\n\n## x/b\n\nB1 ',
      '## x/a\n\nA1 A2\n\n## x/b\n\nB1 B2',
      '## x/a\n\nA1 A2\n\n## x/b\n\nB1 B2\n\n## x/c\n\nC1\n',
    ]);
  });

  it.each<[string, Change[], string]>([
    ['an answer that ends with a newline', [print(0, 'one\n'), end(0)], '## x/a\n\none\n'],
    [
      'an empty answer',
      [think(0, 'hm'), end(0)],
      '## x/a\n\nthe response is empty: the model reasoned, then stopped without an answer\n',
    ],
    [
      'an answer that the output limit cut off',
      [print(0, 'half'), { type: 'event', lane: 0, event: { type: 'response-end', finishReason: 'length' } }, end(0)],
      '## x/a\n\nhalf\n\ncut off by the output limit\n',
    ],
    ['a failure before any text', [fail(0, limited)], '## x/a\n\nfailed: rate limited by OpenAI (429)\n'],
    [
      'a failure after attempts',
      [retry(0), retry(0), fail(0, limited)],
      '## x/a\n\nfailed: rate limited by OpenAI (429), 3 attempts\n',
    ],
    ['a failure in mid-answer', [print(0, 'half'), fail(0, limited)], '## x/a\n\nhalf\n\nfailed: rate limited by OpenAI (429)\n'],
    ['a stop', [print(0, 'half\n'), fail(0, stopped)], '## x/a\n\nhalf\n\nstopped\n'],
    ['a stop before any text', [fail(0, stopped)], '## x/a\n\nstopped\n'],
    ['a failure that is no error', [fail(0, 'boom')], '## x/a\n\nfailed: boom\n'],
  ])('%s', async (_name, changes, text) => {
    expect(await output(['x/a'], changes)).toBe(text);
  });

  it('never shows a key or a line break from a reason', async () => {
    const leaky = new OrxError('bad key sk-or-v1-0123456789abcdef0123456789abcdef\nsecond line', { kind: 'authentication' });
    expect(await output(['x/a'], [fail(0, leaky)])).toBe('## x/a\n\nfailed: bad key sk-or-v1-…cdef second line\n');
  });

  it('is exact in a pipe and harmless on a terminal', async () => {
    const hostile = ['\u001b', '[2J\u202eabc\u0007\r', '\ndone'];
    const changes = [...hostile.map((piece) => print(0, piece)), end(0)];
    expect(await output(['x/a\u001b[2J'], changes)).toBe(`## x/a␛[2J\n\n${hostile.join('')}\n`);
    expect(await output(['x/a'], changes, true)).toBe('## x/a\n\n␛[2J<U+202E>abc␇\ndone\n');
  });

  it('wraps the reason of a failed lane at words', () => {
    const state = reduceCompare(startCompare(lanesOf(['x/a']), 0), fail(0, limited), 1);
    const rows = lanesText(state.lanes, { theme: PLAIN, texts: [''], width: 16 })
      .trimEnd()
      .split('\n')
      .slice(2);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every((row) => row.length <= 16)).toBe(true);
    expect(rows.map((row) => row.trimEnd()).join(' ')).toBe(laneNote(state.lanes[0]!).trimEnd());
  });

  it('has the same final text for any interleaving, and for all lanes at once', async () => {
    const lane = fc.record({ pieces: fc.array(fc.string({ maxLength: 6 }), { maxLength: 5 }), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(lane, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), async (lanes, picks) => {
        const models = lanes.map((_, index) => `x/m${index}`);
        const queues = lanes.map(({ pieces, fails }, index) => [
          ...pieces.map((piece) => print(index, piece)),
          fails ? fail(index, limited) : end(index),
        ]);
        const changes: Change[] = [];
        for (
          let open = queues.filter((queue) => queue.length > 0);
          open.length > 0;
          open = queues.filter((queue) => queue.length > 0)
        ) {
          changes.push(open[picks.next().value! % open.length]!.shift()!);
        }
        const state = changes.reduce((before, change) => reduceCompare(before, change, 1), startCompare(lanesOf(models), 0));
        expect(await output(models, changes)).toBe(
          lanesText(state.lanes, { theme: PLAIN, texts: state.lanes.map(({ answer }) => answer.text), width: 200 }),
        );
      }),
      { numRuns: 50 },
    );
  });
});
