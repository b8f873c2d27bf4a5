import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { USAGE_SORTS } from '../../../src/core/usage/sort-usage.ts';
import { splitOf, modelCharts, USAGE_GROUPINGS, type UsageGrouping, usageReport } from '../../../src/core/usage/usage-report.ts';
import type { UsageView } from '../../../src/core/usage/usage-view.ts';
import { usageLines } from '../../../src/output/usage/lines.ts';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { usageFrame } from '../../../src/ui/usage/frame.ts';
import { makeEntry, reportOf } from '../../support/ledger-report.ts';
import { someUsage } from '../../support/usage-home.ts';

const NOW = Date.parse('2026-11-24T15:30:00Z');
const DAY = 86_400_000;

function viewOf(entries: readonly LedgerEntry[], by: UsageGrouping, since: number | undefined): UsageView {
  const report = reportOf(entries, splitOf(by));
  return {
    isSandbox: false,
    period: { label: 'last 30 days', since },
    report: usageReport(report, by),
    models: modelCharts(report),
    days: report.days,
    budgets: [
      { budget: { id: 1, period: 'month', limit: '20', warnAt: 0.8, model: '漢字/*' }, spent: '12.8', upstreamSpent: '1.5' },
    ],
    fallbacks: [
      { requestedModel: '漢字/模型', servedModel: 'b/two', fallbackReason: 'P 503'.repeat(30), requests: 12, cost: '0.1' },
    ],
    now: NOW,
  };
}

const anyEntries = fc.oneof(
  fc.constant([]),
  fc.constant(someUsage(NOW)),
  fc.array(
    fc
      .record({
        days: fc.nat({ max: 800 }),
        servedModel: fc.oneof(fc.constantFrom('漢字/模型', 'a/👩‍👩‍👧‍👦-family', `long/${'x'.repeat(200)}`, ''), fc.string()),
        cost: fc.constantFrom('0', '0.000000000001', '12345.678'),
        durationMs: fc.option(fc.nat({ max: 10_000_000 }), { nil: undefined }),
      })
      .map(({ days, ...more }) => makeEntry(NOW - days * DAY, more)),
    { maxLength: 40 },
  ),
);

describe('the screen of usage', () => {
  it('is never as high or as wide as the terminal, for any ledger', () => {
    fc.assert(
      fc.property(
        anyEntries,
        fc.constantFrom(...USAGE_GROUPINGS),
        fc.constantFrom(...USAGE_SORTS),
        fc.record({ columns: fc.integer({ min: 2, max: 250 }), rows: fc.integer({ min: 2, max: 70 }) }),
        fc.record({ isWatching: fc.boolean(), showsKeys: fc.boolean() }),
        fc.constantFrom(undefined, NOW - 30 * DAY),
        (entries, by, sort, size, shown, since) => {
          const lines = usageFrame({ view: viewOf(entries, by, since), sort, ...shown }, size);
          expect(lines.length).toBeLessThan(Math.max(2, size.rows));
          for (const line of lines) {
            const text = line.map((span) => span.text).join('');
            expect(stringWidth(text)).toBeLessThan(Math.max(2, size.columns));
            expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          }
        },
      ),
    );
  });

  it('prints a table no wider than the terminal', () => {
    fc.assert(
      fc.property(anyEntries, fc.constantFrom(...USAGE_GROUPINGS), fc.integer({ min: 60, max: 250 }), (entries, by, columns) => {
        for (const line of usageLines(viewOf(entries, by, undefined), columns, 5)) {
          expect(stringWidth(line.map(({ text }) => text).join(''))).toBeLessThan(columns);
        }
      }),
    );
  });
});
