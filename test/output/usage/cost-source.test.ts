import { expect, test } from 'vitest';
import { usageReport } from '../../../src/core/usage/usage-report.ts';
import { costNote, costTable, costTotalJson } from '../../../src/output/usage/cost-table.ts';
import { usageJson, usageCsv } from '../../../src/output/usage/json.ts';
import { usageNotes } from '../../../src/output/usage/text.ts';
import type { UsageView } from '../../../src/core/usage/usage-view.ts';
import type { Sums } from '../../../src/storage/ledger/reports/report.ts';
import { entryOf, resultOf } from '../../support/ledger-entries.ts';
import { timesOf } from '../../support/ledger-report.ts';

const SUMS: Sums = {
  requests: 5,
  complete: 5,
  stopped: 0,
  failed: 0,
  promptTokens: 100,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  completionTokens: 50,
  reasoningTokens: 0,
  cost: '1.5',
  upstreamCost: '0',
  estimated: 0,
  computed: 2,
  unknown: 0,
};

function viewOf(sums: Partial<Sums>): UsageView {
  const all = { ...SUMS, ...sums };
  const report = {
    total: all,
    days: [{ day: 20_600, requests: all.requests, cost: all.cost }],
    groups: [{ group: 'openai:gpt-5', ...all, times: timesOf([]) }],
    models: [],
    times: timesOf([]),
    timesError: 0,
  };
  return {
    period: { since: undefined, until: undefined, label: 'all time' },
    report: usageReport(report, 'model'),
    days: report.days,
    budgets: [],
    fallbacks: [],
    now: 20_601 * 86_400_000,
  } as unknown as UsageView;
}

test('`orx usage` shows how many costs orx computed, separately from estimates', async () => {
  expect(usageNotes(viewOf({}))).toEqual([{ text: 'cost comes from: billed or looked up for 3 · computed for 2', tone: 'dim' }]);
  expect(usageNotes(viewOf({ estimated: 1, unknown: 1 }))).toEqual([
    {
      text: 'cost comes from: billed or looked up for 1 · computed for 2 · estimated for 1 · unknown for 1 (counted as $0)',
      tone: 'warning',
    },
  ]);
  expect(usageNotes(viewOf({ computed: 0 }))).toEqual([]);
  expect(usageJson(viewOf({}))).toMatchObject({ total: { cost_computed: 2, cost_estimated: 0 }, rows: [{ cost_computed: 2 }] });
  expect((await usageCsv(viewOf({}))).split(/\r?\n/)[0]).toMatch(/,cost_computed$/);
});

test('`orx cost` and the ledger entries show it in words', () => {
  expect(costNote(SUMS, 5)).toBe('5 requests · 100 in → 50 out · $1.5 (2 computed)');
  expect(costTotalJson(SUMS)).toMatchObject({ computed: 2, estimated: 0 });
  const entry = { ...entryOf('e1', { requestedModel: 'openai:gpt-5' }), ...resultOf('0.0012', { costSource: 'computed' }) };
  const [row] = costTable([{ ...entry, state: 'settled' }]).rows;
  expect(row!.slice(-2)).toEqual([{ text: '$0.0012' }, { text: 'computed', tone: 'warning' }]);
});
