import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { ActivityLog } from '../../../src/core/serve/activity.ts';
import { serveFrame, type ServeScreen } from '../../../src/ui/serve/frame.ts';
import { failedRequest, servedRequest } from '../../support/served-request.ts';

const START = Date.parse('2026-11-24T15:30:00Z');

function screenOf(log: ActivityLog, more: Partial<ServeScreen> = {}): ServeScreen {
  return {
    activity: log.activity(),
    rate: log.rate(),
    url: 'http://127.0.0.1:4141/api/v1',
    isSandbox: false,
    notes: [],
    now: START + 300_000,
    ...more,
  };
}

const textOf = (screen: ServeScreen, columns: number, rows = 24): string[] =>
  serveFrame(screen, { columns, rows }).map((line) => line.map(({ text }) => text).join(''));

function busyLog(): ActivityLog {
  const log = new ActivityLog(() => START);
  log.begin();
  log.begin();
  log.end(servedRequest());
  log.end(failedRequest({ model: 'openai/gpt-5.4-mini' }));
  log.begin();
  return log;
}

describe('the screen of orx serve', () => {
  test('shows sums, targets and the last requests', () => {
    const lines = textOf(screenOf(busyLog()), 120);
    expect(lines[0]).toBe('  orx serve http://127.0.0.1:4141/api/v1 for 5 min');
    expect(lines[1]).toBe('  $0.00917 · 2 requests · 1 in progress · 1 failed · 10 tok/s · 1,600 in 101 out');
    expect(lines.join('\n')).toMatch(/target +requests +failed +first token +tok\/s +cost +last failure/);
    expect(lines.join('\n')).toMatch(/anthropic:claude-sonnet-4-6 +1 +– +0\.40 s +101 +\$0\.00917 +–/);
    expect(lines.join('\n')).toMatch(/502 +1\.40 s {2}openai\/gpt-5\.4-mini +provider\.connection/);
    expect(lines.at(-1)).toBe('  q stop the gateway');
  });

  test('shows SANDBOX if answers are simulated, and reports errors', () => {
    const text = textOf(screenOf(busyLog(), { isSandbox: true, notes: ['the ledger cannot be written'] }), 80).join('\n');
    expect(text).toContain('orx serve SANDBOX http');
    expect(text).toContain('the ledger cannot be written');
  });

  test('shows the state of the targets', () => {
    const stateOf = (name: string): string | undefined => (name.startsWith('anthropic') ? 'cooling 12 s' : undefined);
    expect(textOf(screenOf(busyLog(), { stateOf }), 120).join('\n')).toMatch(/claude-sonnet-4-6 +cooling 12 s +1/);
  });

  test('shows the state and the counts of targets beside a very long name, which a client may have chosen', () => {
    const log = busyLog();
    const long = `openai:${'long-'.repeat(20)}name`;
    log.begin();
    log.end(servedRequest({ target: long }));
    const text = textOf(screenOf(log, { stateOf: () => 'paused' }), 80).join('\n');
    expect(text).toMatch(/target +state +requests +failed +cost/);
    expect(text).toMatch(/openai:long-\S*…\S*name +paused +1 +– +\$0\.00917/);
    expect(text).toMatch(/502 .*openai\/gpt-5\.4-mini +provider\.connection/);
    expect(textOf(screenOf(log, { stateOf: () => 'paused' }), 60).join('\n')).toMatch(/…\S*name +paused/);
  });

  test('is never as high or as wide as the terminal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 220 }),
        fc.integer({ min: 2, max: 60 }),
        fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 60 }), fc.boolean()), { maxLength: 40 }),
        (columns, rows, requests) => {
          const log = new ActivityLog(() => START);
          for (const [target, isWell] of requests) log.end(isWell ? servedRequest({ target }) : failedRequest({ model: target }));
          const lines = textOf(screenOf(log, { notes: requests.map(([text]) => text) }), columns, rows);
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
        },
      ),
      { numRuns: 100 },
    );
  });
});
