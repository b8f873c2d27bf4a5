import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientWindows, limitLine, type LimitVerdict, WINDOW_MS } from '../../../src/gateway/clients/client-windows.ts';

const START = 1_800_000_000_000;

const decide = (windows: ClientWindows, line: string): LimitVerdict => windows.verdictOn(line, (one) => windows.apply(one));

describe('the counts of a client key', () => {
  test('never allow more requests in any minute than the limit, and few less', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (gaps, limit) => {
        const windows = new ClientWindows();
        const admitted: number[] = [];
        let now = START;
        for (const [index, gap] of gaps.entries()) {
          now += gap;
          const recent = admitted.filter((at) => at > now - WINDOW_MS).length;
          // Requests within a tenth of a second leave the window together.
          const nearly = admitted.filter((at) => at > now - WINDOW_MS - 100).length;
          const { refused } = decide(windows, limitLine.begin(`a.${index}`, 'team', now, { requests: limit }));
          const allowed =
            recent >= limit ? ['requests per minute'] : nearly < limit ? [undefined] : [undefined, 'requests per minute'];
          expect(allowed).toContain(refused);
          if (refused === undefined) admitted.push(now);
        }
      }),
    );
  });

  test('are the same after a snapshot', () => {
    const step = fc.record({
      key: fc.constantFrom('one', 'two'),
      gap: fc.nat(15_000),
      kind: fc.constantFrom('begin', 'tokens', 'end', 'gone', 'correct'),
      amount: fc.integer({ min: -50, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.nat(80), (steps, cut) => {
        const [whole, before, after] = [new ClientWindows(), new ClientWindows(), new ClientWindows()];
        let now = START;
        for (const [index, { key, gap, kind, amount }] of steps.entries()) {
          now += gap;
          const id = `p${index % 3}.${index}`;
          const line = {
            begin: limitLine.begin(id, key, now, { requests: 5, parallel: 3 }),
            tokens: limitLine.tokens(id, key, now, 1000, Math.abs(amount)),
            end: limitLine.end(`p${Math.abs(amount) % 3}.${Math.abs(amount) % 80}`, key),
            gone: limitLine.gone(id, key, 'p1'),
            correct: limitLine.correct(id, key, now - gap, amount),
          }[kind];
          const expected = verdictOf(whole, line);
          if (index === cut) after.restore(before.snapshot());
          const seen = verdictOf(index < cut ? before : after, line);
          expect(seen).toEqual(expected);
        }
        const last = steps.length > cut ? after : before;
        expect(last.snapshot()).toBe(whole.snapshot());
      }),
    );
  });

  test('an amount of 0 is in a snapshot too: later amounts are counted together with it', () => {
    const [whole, after] = [new ClientWindows(), new ClientWindows()];
    const add = (windows: ClientWindows, now: number, amount: number): unknown =>
      verdictOf(windows, limitLine.tokens('a.1', 'one', now, 1000, amount));
    add(whole, START, 0);
    after.restore(whole.snapshot());
    for (const windows of [whole, after]) add(windows, START + 50, 10);
    expect(after.snapshot()).toBe(whole.snapshot());
  });

  test('a line that is damaged changes nothing', () => {
    const windows = new ClientWindows();
    const before = windows.snapshot();
    for (const line of ['', 'b', 'b a.1', 'b a.1 team now 1 1', 't a.1 team 1 x 5', 'z a.1 team 1 1 1', '\u0000 ; ;'])
      windows.apply(line);
    expect(windows.snapshot()).toBe(before);
  });

  test('a request whose end was lost counts for an hour', () => {
    const windows = new ClientWindows();
    const begin = (id: string, now: number): string | undefined =>
      decide(windows, limitLine.begin(id, 'team', now, { parallel: 1 })).refused;
    expect([begin('a.1', START), begin('a.2', START + 3_599_000), begin('a.3', START + 3_600_001)]).toEqual([
      undefined,
      'parallel requests',
      undefined,
    ]);
  });
});

function verdictOf(windows: ClientWindows, line: string): LimitVerdict | undefined {
  if (/^[bt]/.test(line)) return decide(windows, line);
  windows.apply(line);
  return undefined;
}
