import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { effectivePricing } from '../../src/core/price/effective.ts';
import { priceKind } from '../../src/core/price/kind.ts';
import { pastModels } from '../../src/core/usage/advice.ts';
import { adviseChanges } from '../../src/core/usage/advise.ts';
import { cutFor, reprice } from '../../src/core/usage/reprice.ts';
import { tokensCost } from '../../src/core/price/tokens-cost.ts';
import { decimal, decimalText } from '../../src/decimal.ts';
import type { Model } from '../../src/apis/catalogue.ts';
import { decodeCatalogue } from '../../src/apis/openrouter/decode-catalogue.ts';
import type { LedgerEntry } from '../../src/storage/ledger/entry.ts';
import { makeEntry, workloadsOf } from '../support/ledger-report.ts';
import { hasRecordings } from '../support/recordings.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/fixtures/openrouter-models', import.meta.url));
const isPresent = hasRecordings('openrouter-models');
const FILES = isPresent ? readdirSync(FOLDER).filter((name) => /^models-.*\.json$/.test(name)) : [];
const NOW = Date.parse('2026-08-05T12:00:00Z');

/** Returns work at all hours of a week, with sizes around every limit at which a price of the catalogue changes. */
function workOf(models: readonly Model[], servedModel: string): LedgerEntry[] {
  const sizes = [0, ...cutFor(models).sizes].flatMap((size) => [size, size + 1, size + 1000]);
  return sizes.flatMap((promptTokens, index) =>
    Array.from({ length: 4 }, (_, more) =>
      makeEntry(NOW - (index * 4 + more) * 17_760_000, {
        servedModel,
        promptTokens,
        cachedTokens: Math.floor(promptTokens / 3),
        cacheWriteTokens: Math.floor(promptTokens / 7),
        completionTokens: 900,
        reasoningTokens: 300,
        cost: '100',
      }),
    ),
  );
}

function costOf(model: Model, entry: LedgerEntry): ReturnType<typeof decimal> {
  const prices = effectivePricing(model.pricing, { promptTokens: entry.promptTokens!, at: new Date(entry.openedAt) });
  const { promptTokens = 0, cachedTokens = 0, cacheWriteTokens = 0, completionTokens = 0, reasoningTokens = 0 } = entry;
  const cost = tokensCost(prices, {
    requests: 1,
    promptTokens,
    cachedTokens,
    cacheWriteTokens,
    completionTokens,
    reasoningTokens,
  });
  if (cost === 'varies') throw new Error(`${model.id} varies`);
  return cost;
}

describe.skipIf(!isPresent)('the past on every model of a recorded catalogue', () => {
  test.each(FILES)('%s: costs as much as its entries one by one, and the advice is correct', (name) => {
    const { models } = decodeCatalogue(readFileSync(`${FOLDER}/${name}`, 'utf8'));
    const cut = cutFor(models);
    const mostExpensive = models.find(({ id, benchmarks }) => benchmarks !== undefined && !id.includes(':')) ?? models[0]!;
    const entries = workOf(models, mostExpensive.id);
    const workloads = workloadsOf(entries, cut);
    let priced = 0;
    for (const model of models) {
      const match = reprice([{ from: -Infinity, model }], workloads, cut);
      const kind = priceKind(model);
      expect([model.id, match.kind]).toEqual([model.id, kind === 'varies' || kind === 'other' ? kind : 'amount']);
      if (match.kind !== 'amount') continue;
      priced += 1;
      const single = entries.reduce((sum, entry) => sum.plus(costOf(model, entry)), decimal(0));
      if (decimalText(match.cost) !== decimalText(single))
        throw new Error(`${model.id}: ${String(match.cost)}, not ${String(single)}`);
    }
    expect(priced).toBeGreaterThan(100);
    const past = pastModels(workloads, models);
    const advice = adviseChanges({ past, models, endpoints: new Map(), providers: new Map(), cut });
    for (const { saving, spent } of advice) expect(saving.gt(0) && saving.lte(spent)).toBe(true);
  });
});
