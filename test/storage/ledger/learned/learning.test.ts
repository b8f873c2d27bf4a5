import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../../../src/storage/ledger/entry.ts';
import { entryOf, NOW, resultOf } from '../../../support/ledger-entries.ts';
import { testLedger } from '../../../support/ledger.ts';

const BOUNDS = { low: 0.5, high: 2 };
let made = 0;
function complete(fields: Partial<LedgerEntry>): LedgerEntry {
  const at = (made += 1);
  return { ...entryOf(`e${at}`, { openedAt: NOW + at }), ...resultOf('0'), state: 'settled', ...fields };
}
const many = (count: number, fields: (index: number) => Partial<LedgerEntry>): LedgerEntry[] =>
  Array.from({ length: count }, (_, index) => complete(fields(index)));

test('a family is calibrated by its latest complete entries that have both counts', async () => {
  const ledger = await testLedger();
  expect(ledger.calibration('a', BOUNDS)).toBeUndefined();
  ledger.import([
    // Too old to count, with 200 later ones.
    ...many(50, () => ({ estimatedPromptTokens: 1000, promptTokens: 1900 })),
    ...many(190, () => ({ estimatedPromptTokens: 1000, promptTokens: 1100 })),
    ...many(10, () => ({ estimatedPromptTokens: 2000, promptTokens: 3000 })),
    ...many(5, () => ({ estimatedPromptTokens: 1000, promptTokens: 2000, outcome: 'stopped' })),
    ...many(5, () => ({ estimatedPromptTokens: 1000, promptTokens: undefined })),
    ...many(5, () => ({ estimatedPromptTokens: 0, promptTokens: 50 })),
    ...many(5, () => ({ estimatedPromptTokens: 1000, promptTokens: 1900, family: 'b' })),
    ...many(5, () => ({ estimatedPromptTokens: 1000, estimatedExtraTokens: 900, promptTokens: 1900 })),
  ]);
  const { samples, ratio, high } = ledger.calibration('a', BOUNDS)!;
  expect(samples).toBe(195);
  expect(ratio).toBeCloseTo((185 * 1100 + 10 * 3000) / (185 * 1000 + 10 * 2000), 1);
  expect(high).toBeGreaterThanOrEqual(ratio);
  expect(high).toBeLessThanOrEqual(1.5);
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
  // An API may answer under a different model name than requested.
  for (const model of ['b/asked', 'b/asked-2026']) {
    expect(ledger.outputLength(model)).toEqual({ samples: 5, median: 7, p90: 7 });
    expect(ledger.outputLength(model, 'review')).toEqual({ samples: 5, median: 7, p90: 7 });
    expect(ledger.outputLength(model, 'other')).toBeUndefined();
  }
});

test('speeds are measured by provider, the one with the most answers first', async () => {
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
