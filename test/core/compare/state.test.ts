import { describe, expect, it } from 'vitest';
import {
  isFinal,
  laneThroughput,
  laneTimeToFirstToken,
  reduceCompare,
  startCompare,
  type CompareState,
} from '../../../src/core/compare/state.ts';
import type { LaneEvent } from '../../../src/core/compare/merge-lanes.ts';
import { OrxError } from '../../../src/errors.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { lanesOf } from '../../support/lanes.ts';

type Change = LaneEvent<CompletionEvent>;
const event = (lane: number, completionEvent: CompletionEvent): Change => ({ type: 'event', lane, event: completionEvent });
const text = (lane: number, piece: string): Change => event(lane, { type: 'text-delta', text: piece });
const failed = new OrxError('rate limited', { kind: 'rate-limit', status: 429 });

/** Returns the comparison after these changes, each at its time. */
function after(models: readonly string[], ...changes: readonly [number, Change][]): CompareState {
  return changes.reduce((state, [now, change]) => reduceCompare(state, change, now), startCompare(lanesOf(models), 1000));
}

describe('reduceCompare', () => {
  it('starts with every lane waiting, in the order given', () => {
    const { lanes } = startCompare(lanesOf(['a', 'b']), 1000);
    expect(lanes.map(({ model, state }) => [model, state])).toEqual([
      ['a', 'waiting'],
      ['b', 'waiting'],
    ]);
  });

  it.each<[string, [number, Change][], string]>([
    ['a heartbeat', [[1010, event(0, { type: 'heartbeat' })]], 'waiting'],
    ['who answers', [[1010, event(0, { type: 'response-start', id: 'gen-1', model: 'a' })]], 'waiting'],
    ['text', [[1010, text(0, 'x')]], 'streaming'],
    ['reasoning', [[1010, event(0, { type: 'reasoning-delta', text: 'x' })]], 'streaming'],
    ['an image', [[1010, event(0, { type: 'image', url: 'data:image/png;base64,' })]], 'streaming'],
    [
      'the end',
      [
        [1010, text(0, 'x')],
        [1020, { type: 'end', lane: 0 }],
      ],
      'done',
    ],
    [
      'a failure',
      [
        [1010, text(0, 'x')],
        [1020, { type: 'failure', lane: 0, error: failed }],
      ],
      'failed',
    ],
    ['an error of any kind', [[1020, { type: 'failure', lane: 0, error: 'thrown text' }]], 'failed'],
    ['a stop', [[1020, { type: 'failure', lane: 0, error: new OrxError('stopped', { kind: 'interrupted' }) }]], 'stopped'],
  ])('after %s', (_name, changes, state) => {
    const [lane] = after(['a', 'b'], ...changes).lanes;
    expect(lane!.state).toBe(state);
    expect(isFinal(lane!)).toBe(['done', 'failed', 'stopped'].includes(state));
  });

  it('keeps the text before a failure, and leaves other lanes alone', () => {
    const start = after(['a', 'b'], [1010, text(0, 'half an ')]);
    const state = reduceCompare(start, { type: 'failure', lane: 0, error: failed }, 1030);
    expect(state.lanes[0]).toMatchObject({
      state: 'failed',
      error: failed,
      answer: { text: 'half an ', metrics: { timeToFirstTokenMs: 10, durationMs: 30 } },
    });
    expect(state.lanes[1]).toBe(start.lanes[1]);
  });

  it('marks a failed attempt that waits for a retry', () => {
    const waiting = after(['a'], [1100, event(0, { type: 'retry', attempt: 1, error: failed, waitMs: 3000 })]);
    expect(waiting.lanes[0]).toMatchObject({ state: 'waiting', retry: { error: failed, dueAt: 4100 } });
    const going = reduceCompare(waiting, text(0, 'x'), 4300);
    expect(going.lanes[0]).toMatchObject({
      state: 'streaming',
      retry: undefined,
      answer: { retries: [{ error: failed, waitMs: 3000 }] },
    });
  });

  it('ignores a lane that does not exist', () => {
    const start = startCompare(lanesOf(['a']), 1000);
    expect(reduceCompare(start, text(7, 'x'), 1010)).toBe(start);
  });
});

describe('the figures of a lane', () => {
  it('are live until the API has counted', () => {
    const state = after(
      ['a'],
      [1400, text(0, 'x'.repeat(40))],
      [1900, event(0, { type: 'reasoning-delta', text: 'é漢😀'.repeat(4) })],
    );
    const lane = state.lanes[0]!;
    expect(laneTimeToFirstToken(lane)).toBe(400);
    // 40 bytes of Latin letters, and 2 + 3 + 4 bytes four times: 76 bytes are some 19 tokens, in one second.
    expect(laneThroughput(lane, 2400)).toEqual({ tokensPerSecond: 19, isEstimate: true });
  });

  it('have no speed in the first moments', () => {
    const lane = after(['a'], [1400, text(0, 'x'.repeat(4000))]).lanes[0]!;
    expect(laneThroughput(lane, 1401)).toBeUndefined();
    expect(laneThroughput(startCompare(lanesOf(['a']), 0).lanes[0]!, 5000)).toBeUndefined();
  });

  it('are the measured ones afterwards, and none if nothing could be measured', () => {
    const measured = after(
      ['a'],
      [1400, text(0, 'x'.repeat(4000))],
      [2000, event(0, { type: 'metrics', metrics: { timeToFirstTokenMs: 390, durationMs: 990, throughput: 83.2 } })],
      [2001, { type: 'end', lane: 0 }],
    ).lanes[0]!;
    expect(laneTimeToFirstToken(measured)).toBe(390);
    expect(laneThroughput(measured, 9000)).toEqual({ tokensPerSecond: 83.2, isEstimate: false });

    const whole = after(
      ['a'],
      [1400, text(0, 'x'.repeat(4000))],
      [2000, event(0, { type: 'metrics', metrics: { timeToFirstTokenMs: 390, durationMs: 990 } })],
    ).lanes[0]!;
    expect(laneThroughput(whole, 9000)).toBeUndefined();
  });

  it('are those of the moment when a lane was stopped', () => {
    const stop: Change = { type: 'failure', lane: 0, error: new OrxError('stopped', { kind: 'interrupted' }) };
    const lane = after(['a'], [1200, text(0, 'x'.repeat(400))], [3000, stop]).lanes[0]!;
    expect(lane.answer.metrics).toEqual({ timeToFirstTokenMs: 200, durationMs: 2000 });
    expect(laneThroughput(lane, 99_000)).toBeUndefined();
  });
});
