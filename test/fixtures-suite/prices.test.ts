import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { QUOTE_PARTS, quote, type Workload } from '../../src/core/price/quote.ts';
import { quoteEndpoints } from '../../src/core/price/quote-range.ts';
import { decimal, decimalText } from '../../src/decimal.ts';
import { decodeCatalogue, decodeEndpoints } from '../../src/apis/openrouter/decode-catalogue.ts';
import { sendJson, startApiServer } from '../support/api-server.ts';
import { makeModel } from '../support/catalogue.ts';
import { runOrx } from '../support/run-orx.ts';

/** Recorded catalogues and endpoints, quoted for every kind of price. The expected results are computed with whole numbers, without orx. */
const SHARED = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));
const [CATALOGUES, ENDPOINTS] = [join(SHARED, 'openrouter-models'), join(SHARED, 'openrouter-api')];
const isPresent = existsSync(CATALOGUES) && existsSync(ENDPOINTS);
if (!isPresent)
  console.warn('skipped: the recorded prices are not beside this project (../shared/fixtures/openrouter-models and -api)');

type FullWorkload = { [Part in keyof Workload]-?: number };
type WirePricing = Record<string, string> & { overrides?: (Record<string, string> & { min_prompt_tokens?: number })[] };
interface WireEndpoint {
  tag: string;
  context_length: number | null;
  max_completion_tokens: number | null;
  max_prompt_tokens: number | null;
  pricing: WirePricing;
}

const PLACES = 40;
const units = (text: string): bigint => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  return BigInt(`${sign}${whole}${fraction.padEnd(PLACES, '0')}`);
};

function costOf(pricing: WirePricing, of: FullWorkload): bigint {
  const size = of.promptTokens + of.imageTokens;
  const price = (key: string): bigint => {
    const tiers = (pricing.overrides ?? []).filter((tier) => size > tier.min_prompt_tokens! && tier[key] !== undefined);
    return units(tiers.at(-1)?.[key] ?? pricing[key] ?? '0');
  };
  const or = (key: string, other: string): bigint => (price(key) === 0n ? price(other) : price(key));
  const [prompt, completion] = [price('prompt'), price('completion')];
  const written = price('input_cache_write');
  const write = written < prompt ? prompt + written : written;
  const picture = price('image');
  const pictures =
    picture > 0n && (prompt === 0n || picture >= prompt * 100n)
      ? picture * BigInt(of.images)
      : (price('image_token') || picture || prompt) * BigInt(of.imageTokens);
  return (
    prompt * BigInt(of.promptTokens - of.cachedTokens - of.cacheWriteTokens) +
    or('input_cache_read', 'prompt') * BigInt(of.cachedTokens) +
    write * BigInt(of.cacheWriteTokens) +
    pictures +
    completion * BigInt(of.completionTokens - of.reasoningTokens) +
    or('internal_reasoning', 'completion') * BigInt(of.reasoningTokens) +
    price('request') +
    price('web_search') * BigInt(of.searches)
  );
}

const WORKLOADS: FullWorkload[] = [
  {
    promptTokens: 1200,
    completionTokens: 400,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    images: 0,
    imageTokens: 0,
    searches: 0,
  },
  {
    promptTokens: 1201,
    completionTokens: 900,
    cachedTokens: 961,
    cacheWriteTokens: 120,
    reasoningTokens: 500,
    images: 2,
    imageTokens: 1530,
    searches: 3,
  },
  {
    promptTokens: 300_000,
    completionTokens: 4000,
    cachedTokens: 240_000,
    cacheWriteTokens: 7,
    reasoningTokens: 1,
    images: 1,
    imageTokens: 258,
    searches: 1,
  },
];

describe.skipIf(!isPresent)('recorded prices', () => {
  const files = isPresent ? readdirSync(CATALOGUES).filter((name) => /^models-.*\.json$/.test(name)) : [];
  test.each(files)('%s: every model, every kind of price, sums that equal their parts', (file) => {
    const body = readFileSync(join(CATALOGUES, file), 'utf8');
    const wires = new Map((JSON.parse(body).data as { id: string; pricing: WirePricing }[]).map((wire) => [wire.id, wire]));
    const { models } = decodeCatalogue(body);
    expect(models).toHaveLength(wires.size);
    let amounts = 0;
    for (const workload of WORKLOADS) {
      for (const model of models) {
        const { pricing } = wires.get(model.id)!;
        const quoted = quote(model, workload, new Date());
        const isRouter = Number(pricing['prompt']) < 0;
        expect([model.id, quoted.kind === 'varies']).toEqual([model.id, isRouter]);
        if (quoted.kind !== 'amount') continue;
        amounts += 1;
        expect([model.id, units(decimalText(quoted.total))]).toEqual([model.id, costOf(pricing, workload)]);
        expect(QUOTE_PARTS.reduce((sum, part) => sum.plus(quoted.parts[part]), decimal(0)).eq(quoted.total)).toBe(true);
      }
    }
    expect(amounts).toBeGreaterThan(900);
  });

  const lists: { data: { id: string; endpoints: WireEndpoint[] } }[] = !isPresent
    ? []
    : readdirSync(ENDPOINTS)
        .filter((name) => /^(DERIVED-)?endpoints-.*\d\.json$/.test(name))
        .flatMap((name) => {
          const content = JSON.parse(readFileSync(join(ENDPOINTS, name), 'utf8'));
          return Array.isArray(content) ? content.map(({ body }) => body) : [content];
        });

  test('endpoints: the range covers exactly those that fit the workload', () => {
    expect(lists.length).toBeGreaterThan(8);
    for (const { data } of lists) {
      const { endpoints } = decodeEndpoints(JSON.stringify(data));
      const seeing = { architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } };
      for (const workload of WORKLOADS) {
        const size = workload.promptTokens + workload.imageTokens;
        const holds = data.endpoints.filter(
          (one) =>
            size + workload.completionTokens <= (one.context_length || Infinity) &&
            size <= (one.max_prompt_tokens || Infinity) &&
            workload.completionTokens <= (one.max_completion_tokens || Infinity) &&
            units(one.pricing['prompt']!) >= 0n,
        );
        const costs = holds.map(({ pricing }) => costOf(pricing, workload)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const range = quoteEndpoints(makeModel(data.id, {}, seeing), endpoints, workload, {}, new Date());
        const told = range.kind === 'amount' ? range.all.map(({ total }) => units(decimalText(total))) : [];
        expect([data.id, told]).toEqual([data.id, costs]);
        expect(range.kind === 'amount' || range.kind === 'none' ? told.length + range.excluded.length : 0).toBe(endpoints.length);
      }
    }
  });

  test('the built program names the cheapest and the most expensive', async () => {
    const { data } = lists.find((list) => list.data.id === 'deepseek/deepseek-v3.2')!;
    const catalogue = readFileSync(join(CATALOGUES, 'models-2026-05-06.json'), 'utf8');
    const { url } = await startApiServer((request, response) =>
      sendJson(response, 200, request.url.includes('/models?') ? catalogue : { data }),
    );
    const { stdout } = await runOrx(['price', data.id, '--in', '1200', '--out', '400', '--json'], {
      env: { OPENROUTER_BASE_URL: url },
    });
    const costs = data.endpoints
      .map(({ tag, pricing }) => ({ tag, cost: costOf(pricing, WORKLOADS[0]!) }))
      .sort((a, b) => (a.cost < b.cost ? -1 : 1));
    const [told] = JSON.parse(stdout) as {
      low: { tag: string; cost: string };
      high: { tag: string; cost: string };
      endpoints: unknown[];
    }[];
    expect(told!.endpoints).toHaveLength(costs.length);
    expect([told!.low.tag, units(told!.low.cost)]).toEqual([costs[0]!.tag, costs[0]!.cost]);
    expect([told!.high.tag, units(told!.high.cost)]).toEqual([costs.at(-1)!.tag, costs.at(-1)!.cost]);
  });
});
