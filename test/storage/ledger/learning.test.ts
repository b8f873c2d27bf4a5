import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { entryOf, NOW, resultOf } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';

let made = 0;
function complete(fields: Partial<LedgerEntry>): LedgerEntry {
  const at = (made += 1);
  return { ...entryOf(`e${at}`, { openedAt: NOW + at }), ...resultOf('0'), state: 'settled', ...fields };
}
const many = (count: number, fields: (index: number) => Partial<LedgerEntry>): LedgerEntry[] =>
  Array.from({ length: count }, (_, index) => complete(fields(index)));

test('a family is calibrated by its latest complete entries that have both counts', async () => {
  const ledger = await testLedger();
  expect(ledger.calibration('a')).toBeUndefined();
  ledger.import([
    // Too old to count beside 200 later ones.
    ...many(50, () => ({ estimatedPromptTokens: 100, promptTokens: 9000 })),
    ...many(190, () => ({ estimatedPromptTokens: 100, promptTokens: 110 })),
    ...many(10, () => ({ estimatedPromptTokens: 200, promptTokens: 300 })),
    ...many(5, () => ({ estimatedPromptTokens: 100, promptTokens: 5000, outcome: 'stopped' })),
    ...many(5, () => ({ estimatedPromptTokens: 100, promptTokens: undefined })),
    ...many(5, () => ({ estimatedPromptTokens: 0, promptTokens: 50 })),
    ...many(5, () => ({ estimatedPromptTokens: 100, promptTokens: 7000, family: 'b' })),
  ]);
  const { samples, ratio, high } = ledger.calibration('a')!;
  expect(samples).toBe(200);
  expect(ratio).toBeCloseTo((190 * 110 + 10 * 300) / (190 * 100 + 10 * 200), 10);
  expect(high).toBeGreaterThanOrEqual(ratio);
  expect(high).toBeLessThan(1.5);
  // `high` is never under the ratio, even when one long prompt makes most of it.
  ledger.import([
    complete({ family: 'c', estimatedPromptTokens: 1e6, promptTokens: 3e6 }),
    ...many(99, () => ({ family: 'c', promptTokens: 100 })),
  ]);
  const skewed = ledger.calibration('c')!;
  expect(skewed.high).toBe(skewed.ratio);
});

test('lengths of answers are learned by model, and by template', async () => {
  const ledger = await testLedger();
  ledger.import(many(4, () => ({ completionTokens: 10 })));
  expect(ledger.outputLength('a/one')).toBeUndefined();
  ledger.import([
    ...many(200, (index) => ({ completionTokens: 1 + index })),
    ...many(9, () => ({ completionTokens: 9999, outcome: 'failed' })),
    ...many(5, () => ({ completionTokens: 7, requestedModel: 'b/asked', servedModel: 'b/asked-2026', template: 'review' })),
  ]);
  expect(ledger.outputLength('a/one')).toEqual({ samples: 200, median: 100.5, p90: 180.1 });
  expect(ledger.outputLength('a/one', 'review')).toBeUndefined();
  // An API may answer under another name than it was asked by.
  for (const model of ['b/asked', 'b/asked-2026']) {
    expect(ledger.outputLength(model)).toEqual({ samples: 5, median: 7, p90: 7 });
    expect(ledger.outputLength(model, 'review')).toEqual({ samples: 5, median: 7, p90: 7 });
    expect(ledger.outputLength(model, 'other')).toBeUndefined();
  }
});

test('speeds are measured by provider, the one that answered most often first', async () => {
  const ledger = await testLedger();
  expect(ledger.measuredSpeeds('a/one')).toEqual([]);
  ledger.import([
    ...many(3, (index) => ({ provider: 'Few', timeToFirstTokenMs: 100 * (index + 1), throughput: 50 })),
    ...many(101, (index) => ({ provider: 'Many', timeToFirstTokenMs: index, throughput: index })),
    ...many(1, () => ({ provider: 'Silent' })),
    ...many(3, () => ({ provider: 'Many', timeToFirstTokenMs: 9e9, outcome: 'stopped' })),
    ...many(3, () => ({ provider: undefined, timeToFirstTokenMs: 9e9 })),
  ]);
  expect(ledger.measuredSpeeds('a/one')).toEqual([
    { provider: 'Many', samples: 101, timeToFirstTokenMs: { p50: 50, p95: 95 }, throughput: { p50: 50 } },
    { provider: 'Few', samples: 3, timeToFirstTokenMs: { p50: 200, p95: 290 }, throughput: { p50: 50 } },
    { provider: 'Silent', samples: 1, timeToFirstTokenMs: undefined, throughput: undefined },
  ]);
});
