import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { adviseCaching } from '../../../src/core/usage/advise-caching.ts';
import { pastModels } from '../../../src/core/usage/advice.ts';
import { percentiles } from '../../../src/core/usage/percentile.ts';
import { cutFor } from '../../../src/core/usage/reprice.ts';
import { tokensCost } from '../../../src/core/price/tokens-cost.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';
import { makeModel } from '../../support/catalogue.ts';
import { makeEntry, turnsOf, workloadsOf, distributionOf } from '../../support/ledger-report.ts';

const TEXT = readFileSync(fileURLToPath(new URL('../../../docs/usage.md', import.meta.url)), 'utf8');
/** `a × b + c = d = $e`: each side is a sum of products. */
const FORMULAS = [...TEXT.matchAll(/^ {4}(\d.*=.*)$/gm)].map(([, formula]) => formula!.split(' = '));

function valueOf(side: string): string {
  const terms = side.replaceAll(' - ', ' + -').split(' + ');
  const products = terms.map((term) => {
    const isNegative = term.startsWith('-');
    const product = term
      .replace(/^[-$]/, '')
      .split(' × ')
      .reduce((all, factor) => all.times(factor), decimal(1));
    return isNegative ? product.times(-1) : product;
  });
  return decimalText(products.reduce((sum, product) => sum.plus(product), decimal(0)));
}

describe('docs/usage.md', () => {
  it('has correct worked numbers', () => {
    expect(FORMULAS).toHaveLength(3);
    for (const sides of FORMULAS) expect(sides.map(valueOf)).toEqual(sides.map(() => valueOf(sides[0]!)));
    const [, difference, result] = /the difference is (.*?) = (-[\d.]+), which is -47%/.exec(TEXT)!;
    expect([valueOf(difference!), Number(result) / 0.5]).toEqual([result, -0.47]);
  });

  it('prices the tokens of its table as orx does', () => {
    const rows = [...TEXT.matchAll(/^\| (fresh|cached|answer|reasoning) +\| (\d+) +\| ([\d.]+) +\|$/gm)];
    const count = Object.fromEntries(rows.map(([, kind, tokens]) => [kind!, Number(tokens)]));
    const price = Object.fromEntries(
      rows.map(([, kind, , perMillion]) => [kind!, decimalText(decimal(perMillion!).div(1_000_000))]),
    );
    const { pricing } = makeModel(
      'a/b',
      {},
      {
        pricing: { prompt: price['fresh'], completion: price['answer'], input_cache_read: price['cached'] },
      },
    );
    const cost = tokensCost(pricing, {
      requests: 1,
      promptTokens: count['fresh']! + count['cached']!,
      cachedTokens: count['cached']!,
      cacheWriteTokens: 0,
      completionTokens: count['answer']! + count['reasoning']!,
      reasoningTokens: count['reasoning']!,
    });
    expect(`$${String(cost)}`).toBe(FORMULAS[0]!.at(-1));
  });

  it('computes medians and caching bounds as orx does', () => {
    const [, values, p50, p95] = /For ([\d., and]+) seconds, the median is ([\d.]+) and the 95th percentile is ([\d.]+)\./.exec(
      TEXT,
    )!;
    const seconds = values!.split(/, | and /).map(Number);
    expect(percentiles(distributionOf(seconds), 0.5, 0.95)).toEqual([Number(p50), Number(p95)]);
    const models = [makeModel('a/b', {}, { pricing: { prompt: '0.00001', completion: '0', input_cache_read: '0.000001' } })];
    const turn = { servedModel: 'a/b', cost: '1', completionTokens: 100 };
    const entries = [1000, 2000, 3000].map((promptTokens, index) =>
      makeEntry(index, { ...turn, promptTokens, cachedTokens: index === 2 ? 600 : 0 }),
    );
    const [advice] = adviseCaching(pastModels(workloadsOf(entries, cutFor(models)), models), turnsOf(entries));
    expect(advice!.change).toMatchObject({ tokens: Number(FORMULAS[1]!.at(-1)) });
    expect(`$${decimalText(advice!.saving)}`).toBe(FORMULAS[2]!.at(-1));
  });
});
