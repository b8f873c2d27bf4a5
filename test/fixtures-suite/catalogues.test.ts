import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer } from '../support/api-server.ts';
import { runOrx } from '../support/run-orx.ts';
import { tempFolder } from '../support/temp-home.ts';

/**
 * Real catalogues of four dates, served to the built orx. The expected results are computed here from the same bodies, with whole-number arithmetic
 * and without orx's code.
 */
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'openrouter-models');
const isPresent = existsSync(FOLDER);
if (!isPresent)
  console.warn('skipped: the recorded catalogues are not beside this project (../shared/fixtures/openrouter-models)');
const FILES = isPresent ? readdirSync(FOLDER).filter((name) => /^models-.*\.json$/.test(name)) : [];

interface WireModel {
  id: string;
  created: number;
  context_length: number;
  architecture: { output_modalities: string[] };
  pricing: Record<string, string> & { overrides?: (Record<string, string> & { min_prompt_tokens?: number })[] };
}

const PLACES = 40;

/** Returns decimal text as a whole number of 10^-40. */
function units(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  return BigInt(`${sign}${whole}${fraction.padEnd(PLACES, '0')}`);
}

function text(amount: bigint): string {
  const digits = amount.toString().padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, '') || '0';
}

/**
 * Returns whether the model is priced per token, free, priced by a router, or priced in other units, using only the recorded fields.
 */
function kindOf({ id, pricing, architecture }: WireModel): 'free' | 'priced' | 'varies' | 'other' {
  const [prompt, completion] = [units(pricing['prompt']!), units(pricing['completion']!)];
  if (prompt < 0n || completion < 0n) return 'varies';
  const makes = architecture.output_modalities;
  const onlyText = makes.join() === 'text';
  if (prompt === 0n && completion === 0n) return onlyText || id.endsWith(':free') ? 'free' : 'other';
  return makes.includes('text') || makes.includes('embeddings') || completion > 0n ? 'priced' : 'other';
}

function costOf(
  model: WireModel,
  promptTokens: number,
  completionTokens: number,
): { total: string; input: string; output: string; request: string } {
  const price = (key: string): bigint => {
    // The catalogues have tiers by prompt length and no other conditions; the test below checks that.
    const tiers = (model.pricing.overrides ?? []).filter(
      (tier) => promptTokens > tier.min_prompt_tokens! && tier[key] !== undefined,
    );
    return units(tiers.at(-1)?.[key] ?? model.pricing[key] ?? '0');
  };
  const [input, output, request] = [
    price('prompt') * BigInt(promptTokens),
    price('completion') * BigInt(completionTokens),
    price('request'),
  ];
  return { total: text(input + output + request), input: text(input), output: text(output), request: text(request) };
}

function compare(a: bigint | number | string, b: typeof a): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

describe.skipIf(!isPresent)('recorded catalogues', () => {
  describe.each(FILES)('%s', (file) => {
    const body = isPresent ? readFileSync(join(FOLDER, file), 'utf8') : '{"data":[]}';
    const models = (JSON.parse(body) as { data: WireModel[] }).data;

    async function orx(...args: string[]) {
      const { url } = await startApiServer((_, response) => sendJson(response, 200, body));
      const { code, stdout, stderr } = await runOrx(args, { home: tempFolder(), env: { OPENROUTER_BASE_URL: url } });
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    }
    const listed = async (...args: string[]): Promise<WireModel[]> =>
      JSON.parse(await orx('models', '--json', ...args)) as WireModel[];

    test('has the expected contents', () => {
      expect(models.length).toBeGreaterThan(300);
      for (const { pricing } of models) {
        for (const tier of pricing.overrides ?? [])
          expect(Object.keys(tier).filter((key) => /^(min|max|utc)_/.test(key))).toEqual(['min_prompt_tokens']);
      }
    });

    test('the table: one line per model, complete ids in order, no escape codes', async () => {
      const stdout = await orx('models');
      const ids = stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]);
      expect(ids).toEqual(models.map(({ id }) => id).sort((a, b) => compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b)));
      expect(stdout).not.toContain('\u001b');
    });

    test('the table: prices per million to the last digit', async () => {
      const rows = new Map((await orx('models')).split('\n').map((line) => [line.split(' ')[0]!, line.split(/ +/)] as const));
      for (const model of models) {
        const perMillion = (key: string): string => {
          const [whole = '', fraction = ''] = text(units(model.pricing[key]!) * 1_000_000n).split('.');
          return `${whole}.${fraction.padEnd(2, '0')}`;
        };
        const words = { free: 'free', varies: 'varies', other: '–', priced: undefined }[kindOf(model)];
        expect(rows.get(model.id)?.slice(0, 3)).toEqual([
          model.id,
          words ?? perMillion('prompt'),
          words ?? perMillion('completion'),
        ]);
      }
    });

    test('--json has every model, exact', async () => {
      const byId = new Map(models.map((model) => [model.id, model]));
      const all = await listed();
      expect(all).toHaveLength(models.length);
      for (const model of all) expect(model).toEqual(byId.get(model.id));
    });

    test('--sort newest and --sort context, in both directions', async () => {
      const byNewest = [...models].sort((a, b) => b.created - a.created || compare(a.id, b.id));
      expect((await listed('--sort', 'newest')).map(({ id }) => id)).toEqual(byNewest.map(({ id }) => id));
      const lengths = (await listed('--sort', 'context')).map((model) => model.context_length);
      expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
      const reversed = (await listed('--sort', 'context', '--reverse')).map((model) => model.context_length);
      expect(reversed).toEqual([
        ...reversed.filter((length) => length > 0).sort((a, b) => a - b),
        ...reversed.filter((length) => length === 0),
      ]);
    });

    test('--sort price: by 3 parts input and 1 part output, then other units, then variable prices', async () => {
      const key = (model: WireModel): bigint => 3n * units(model.pricing['prompt']!) + units(model.pricing['completion']!);
      const group = (model: WireModel): number => ({ free: 0, priced: 0, other: 1, varies: 2 })[kindOf(model)];
      const expected = [...models].sort(
        (a, b) => group(a) - group(b) || (group(a) === 0 ? compare(key(a), key(b)) : 0) || compare(a.id, b.id),
      );
      expect((await listed('--sort', 'price')).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    });

    test('--free lists only free models: no router, no video for "0"', async () => {
      const free = models.filter((model) => kindOf(model) === 'free').map(({ id }) => id);
      expect(free.length).toBeGreaterThan(10);
      expect(new Set((await listed('--free')).map(({ id }) => id))).toEqual(new Set(free));
    });

    test('--search finds each model by its id', async () => {
      for (const model of [models[0]!, models[Math.floor(models.length / 2)]!, models.at(-1)!]) {
        expect((await listed('--search', model.id.toUpperCase())).map(({ id }) => id)).toContain(model.id);
      }
    });

    test.each([
      [1200, 400],
      [300_000, 4000],
      [32_000, 1],
      [0, 0],
    ])(
      'price of all models, %i tokens in and %i out: exact, the parts add up, cheapest first',
      async (promptTokens, completionTokens) => {
        const stdout = await orx(
          'price',
          ...models.map(({ id }) => id),
          '--in',
          String(promptTokens),
          '--out',
          String(completionTokens),
          '--json',
        );
        const quotes = JSON.parse(stdout) as {
          model: string;
          cost: string | null;
          parts: Record<string, string> | null;
          varies: boolean;
          per_token: boolean;
        }[];
        expect(new Set(quotes.map(({ model }) => model))).toEqual(new Set(models.map(({ id }) => id)));
        const byId = new Map(models.map((model) => [model.id, model]));
        for (const { model, cost, parts, varies, per_token: perToken } of quotes) {
          const wire = byId.get(model)!;
          const kind = kindOf(wire);
          const { total, ...expected } = costOf(wire, promptTokens, completionTokens);
          const unasked = { cache_read: '0', cache_write: '0', images: '0', reasoning: '0', search: '0' };
          const amounts =
            kind === 'varies' || kind === 'other'
              ? { cost: null, parts: null }
              : { cost: total, parts: { ...expected, ...unasked } };
          expect({ model, cost, parts, varies, perToken }).toEqual({
            model,
            ...amounts,
            varies: kind === 'varies',
            perToken: kind !== 'other',
          });
        }
        const costs = quotes.filter(({ cost }) => cost !== null).map(({ cost }) => units(cost!));
        expect(costs).toEqual([...costs].sort(compare));
        expect(quotes.slice(0, costs.length).every(({ cost }) => cost !== null)).toBe(true);
      },
    );

    test('the price table has every digit of a sample', async () => {
      const sample = models.filter((model, index) => index % 9 === 0 && kindOf(model) === 'priced');
      const stdout = await orx('price', ...sample.map(({ id }) => id), '--in', '1234567', '--out', '89');
      const costs = new Map(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/ +/))
          .map(([id, cost]) => [id, cost]),
      );
      for (const model of sample)
        expect([model.id, costs.get(model.id)]).toEqual([model.id, `$${costOf(model, 1_234_567, 89).total}`]);
    });

    test('a name with a typing error leads to the right one', async () => {
      const { url } = await startApiServer((_, response) => sendJson(response, 200, body));
      for (const model of models.filter((_, index) => index % 60 === 0)) {
        const middle = Math.floor(model.id.length / 2);
        const wrong = `${model.id.slice(0, middle)}${model.id[middle] === '7' ? '8' : '7'}${model.id.slice(middle + 1)}`;
        if (models.some(({ id }) => id === wrong)) continue;
        const { code, stderr } = await runOrx(['price', wrong], { env: { OPENROUTER_BASE_URL: url } });
        expect(code).toBe(6);
        expect(stderr).toContain(model.id);
      }
    });
  });
});
