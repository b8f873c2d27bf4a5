import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LaneEvent, mergeLanes, type OpenLane } from '../../../src/core/compare/merge-lanes.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function collect<T>(merged: AsyncIterable<LaneEvent<T>>): Promise<LaneEvent<T>[]> {
  const events: LaneEvent<T>[] = [];
  for await (const event of merged) events.push(event);
  return events;
}

/** Returns a lane that emits each word after the promise from `pause` resolves. */
function laneOf(words: readonly string[], pause: () => Promise<void>, failure?: unknown): OpenLane<string> {
  return async function* lane() {
    for (const word of words) {
      await pause();
      yield word;
    }
    await pause();
    if (failure !== undefined) throw failure;
  };
}

/** Returns a lane that never emits anything and stops only when it is aborted. */
function silentLane(onAbort: (reason: unknown) => void): OpenLane<string> {
  return async function* lane(signal) {
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        onAbort(signal.reason);
        reject(signal.reason as Error);
      });
    });
    yield 'never';
  };
}

describe('mergeLanes', () => {
  it('loses nothing and keeps each lane in order, however the lanes interleave', async () => {
    const laneSpec = fc.record({ words: fc.array(fc.string(), { maxLength: 8 }), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(laneSpec, { maxLength: 5 }), fc.scheduler(), async (specs, scheduler) => {
        const lanes = specs.map(({ words, fails }, index) =>
          laneOf(words, () => scheduler.schedule(Promise.resolve()), fails ? `failure ${index}` : undefined),
        );
        const merged = collect(mergeLanes(lanes));
        const events = await scheduler.waitFor(merged);
        specs.forEach(({ words, fails }, lane) => {
          expect(events.filter((event) => event.lane === lane)).toEqual([
            ...words.map((event) => ({ type: 'event', lane, event })),
            fails ? { type: 'failure', lane, error: `failure ${lane}` } : { type: 'end', lane },
          ]);
        });
        expect(events).toHaveLength(specs.reduce((sum, { words }) => sum + words.length + 1, 0));
      }),
    );
  });

  it('emits events in the order of arrival', async () => {
    const print: ((word: string) => void)[] = [];
    const lane = (index: number): OpenLane<string> =>
      async function* spoken() {
        for (;;) {
          const word = await new Promise<string>((resolve) => (print[index] = resolve));
          if (word === 'bye') return;
          yield word;
        }
      };
    const merged = collect(mergeLanes([lane(0), lane(1)]));
    for (const [index, word] of [
      [1, 'a'],
      [0, 'b'],
      [1, 'c'],
      [1, 'bye'],
      [0, 'd'],
      [0, 'bye'],
    ] as const) {
      await tick();
      print[index]!(word);
    }
    expect((await merged).map((event) => `${event.lane} ${event.type === 'event' ? event.event : event.type}`)).toEqual(
      '1 a|0 b|1 c|1 end|0 d|0 end'.split('|'),
    );
  });

  it('reports a lane that cannot be opened as a failure of that lane', async () => {
    const broken: OpenLane<string> = () => {
      throw new Error('no such lane');
    };
    const events = await collect(mergeLanes([broken, laneOf(['ok'], tick)]));
    expect(events.filter(({ lane }) => lane === 0)).toEqual([{ type: 'failure', lane: 0, error: new Error('no such lane') }]);
    expect(events.filter(({ lane }) => lane === 1)).toHaveLength(2);
  });

  it('starts nothing before the first event is requested', async () => {
    let started = 0;
    const lane: OpenLane<string> = async function* counted() {
      started += 1;
      yield 'x';
    };
    const merged = mergeLanes([lane, lane]);
    await tick();
    expect(started).toBe(0);
    expect((await merged.next()).done).toBe(false);
    expect(started).toBe(2);
  });

  it('abandons all lanes when the loop ends, even silent ones, without waiting', async () => {
    const aborted: unknown[] = [];
    let closed = false;
    const talking: OpenLane<string> = async function* endless() {
      try {
        for (;;) {
          await tick();
          yield 'word';
        }
      } finally {
        closed = true;
      }
    };
    const silent = silentLane((reason) => aborted.push(reason));
    const deaf: OpenLane<string> = async function* never() {
      await new Promise(() => undefined);
      yield 'never';
    };
    for await (const event of mergeLanes([talking, silent, deaf])) {
      if (event.type === 'event') break;
    }
    expect(aborted).toHaveLength(1);
    for (let turn = 0; turn < 3; turn += 1) await tick();
    expect(closed).toBe(true);
  });

  it('passes an abort to the lanes and reports its reason once for each', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const merged = collect(
      mergeLanes([silentLane(() => undefined), laneOf(['x'], tick), silentLane(() => undefined)], controller.signal),
    );
    for (let turn = 0; turn < 4; turn += 1) await tick();
    controller.abort(reason);
    expect(await merged).toEqual([
      { type: 'event', lane: 1, event: 'x' },
      { type: 'end', lane: 1 },
      { type: 'failure', lane: 0, error: reason },
      { type: 'failure', lane: 2, error: reason },
    ]);
  });

  it('ends immediately without lanes', async () => {
    expect(await collect(mergeLanes([]))).toEqual([]);
  });
});
