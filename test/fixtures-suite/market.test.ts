import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filterModels, type ModelFilter } from '../../src/core/models/filter-models.ts';
import { resolveModel } from '../../src/core/models/find-model.ts';
import { parseBlend } from '../../src/core/models/blend.ts';
import type { ModelSort } from '../../src/core/models/sorts.ts';
import { type SortOptions, sortModels } from '../../src/core/models/sort-models.ts';
import { decimal } from '../../src/decimal.ts';
import { decodeCatalogue, decodeEndpoints } from '../../src/apis/openrouter/decode-catalogue.ts';
import { sendJson, startApiServer } from '../support/api-server.ts';
import { runOrx } from '../support/run-orx.ts';
import { tempFolder } from '../support/temp-home.ts';

/** Filters and sorts over real catalogues. The expected results come from the raw JSON through this test's own code. */
const SHARED = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));
const FOLDER = join(SHARED, 'openrouter-models');
const ENDPOINTS = join(SHARED, 'openrouter-api', 'DERIVED-endpoints-public-shape-2026-08-08.json');
const isPresent = existsSync(FOLDER) && existsSync(ENDPOINTS);
if (!isPresent) console.warn('skipped: the recorded catalogues and endpoints are not beside this project (../shared/fixtures)');
const FILES = isPresent ? readdirSync(FOLDER).filter((name) => /^models-.*\.json$/.test(name)) : [];

interface Wire {
  id: string;
  name: string;
  created: number;
  context_length: number | null;
  architecture: { input_modalities: string[]; output_modalities: string[] };
  pricing: Record<string, string>;
  supported_parameters: string[] | null;
  expiration_date?: string | null;
  benchmarks?: { artificial_analysis?: { intelligence_index?: number | null } };
}

/** Millionths of a dollar per million tokens, as a number: comparisons with round limits need no more precision. */
const perMillion = (model: Wire, key: string): number => Number(model.pricing[key]) * 1e6;
const isRouter = ({ pricing }: Wire): boolean => Number(pricing['prompt']) < 0 || Number(pricing['completion']) < 0;
/**
 * A price of "0" for input and output on a model with other outputs than text is a price in other units, and so is an input price alone on speech and
 * transcription.
 */
function isByToken({ id, pricing, architecture: { output_modalities: makes } }: Wire): boolean {
  const [input, output] = [Number(pricing['prompt']), Number(pricing['completion'])];
  if (input < 0 || output < 0) return false;
  if (input === 0 && output === 0) return makes.join() === 'text' || id.endsWith(':free');
  return output > 0 || makes.includes('text') || makes.includes('embeddings');
}

const JULY = Date.parse('2026-07-01T00:00:00Z') / 1000;
const CASES: readonly [name: string, filter: ModelFilter, passes: (model: Wire) => boolean][] = [
  ['words', { search: 'claude 4' }, ({ id, name }) => /claude/i.test(id + name) && /4/.test(`${id} ${name}`)],
  ['author', { author: ['OpenAI', 'qwen'] }, ({ id }) => /^~?(openai|qwen)\//i.test(id)],
  ['free', { free: true }, (model) => isByToken(model) && perMillion(model, 'prompt') + perMillion(model, 'completion') === 0],
  [
    'image and file in',
    { inputs: ['image', 'file'] },
    ({ architecture: { input_modalities: takes } }) => takes.includes('image') && takes.includes('file'),
  ],
  [
    'image or audio out',
    { outputs: ['image', 'audio'] },
    ({ architecture: { output_modalities: makes } }) => makes.some((name) => name === 'image' || name === 'audio'),
  ],
  [
    'tools and reasoning',
    { parameters: ['tools', 'reasoning'] },
    ({ supported_parameters: can }) => can !== null && can.includes('tools') && can.includes('reasoning'),
  ],
  [
    'structured',
    { parameters: ['structured_outputs'] },
    ({ supported_parameters: can }) => can?.includes('structured_outputs') === true,
  ],
  ['cached input', { cache: true }, ({ pricing }) => Number(pricing['input_cache_read'] ?? -1) >= 0],
  ['context', { minContext: 200_000 }, ({ context_length: length }) => (length ?? 0) >= 200_000],
  ['input price', { maxInputPrice: decimal('0.5') }, (model) => isByToken(model) && perMillion(model, 'prompt') <= 0.5 + 1e-9],
  ['output price', { maxOutputPrice: decimal('2') }, (model) => isByToken(model) && perMillion(model, 'completion') <= 2 + 1e-9],
  ['since', { createdSince: JULY }, ({ created }) => created >= JULY],
  ['expiring', { expiringBefore: '2026-08-31' }, ({ expiration_date: date }) => typeof date === 'string' && date <= '2026-08-31'],
  [
    'all together',
    { author: ['openai', 'google'], parameters: ['tools'], inputs: ['image'], minContext: 100_000, maxInputPrice: decimal('3') },
    (model) =>
      /^~?(openai|google)\//.test(model.id) &&
      model.supported_parameters?.includes('tools') === true &&
      model.architecture.input_modalities.includes('image') &&
      (model.context_length ?? 0) >= 100_000 &&
      isByToken(model) &&
      perMillion(model, 'prompt') <= 3 + 1e-9,
  ],
];

describe.skipIf(!isPresent)('recorded catalogues', () => {
  describe.each(FILES)('%s', (file) => {
    const body = isPresent ? readFileSync(join(FOLDER, file), 'utf8') : '{"data":[]}';
    const wire = (JSON.parse(body) as { data: Wire[] }).data;
    const { models } = decodeCatalogue(body);
    const wireOf = new Map(wire.map((model) => [model.id, model]));

    test.each(CASES)('filter: %s', (_, filter, passes) => {
      expect(filterModels(models, filter).map(({ id }) => id)).toEqual(wire.filter(passes).map(({ id }) => id));
    });

    /** A sorted list consists of the known models, in order, and then the unknown ones, by id. */
    test.each<[string, SortOptions, (model: Wire) => number | undefined]>([
      [
        'price',
        {},
        (model) => (isByToken(model) ? 3 * perMillion(model, 'prompt') + perMillion(model, 'completion') : undefined),
      ],
      [
        'price',
        { blend: parseBlend('1:9') },
        (model) => (isByToken(model) ? perMillion(model, 'prompt') + 9 * perMillion(model, 'completion') : undefined),
      ],
      ['input-price', {}, (model) => (isByToken(model) ? perMillion(model, 'prompt') : undefined)],
      ['output-price', {}, (model) => (isByToken(model) ? perMillion(model, 'completion') : undefined)],
      ['context', {}, ({ context_length: length }) => (length === null || length === 0 ? undefined : -length)],
      ['newest', {}, ({ created }) => -created],
      [
        'value',
        {},
        (model) => {
          const points = model.benchmarks?.artificial_analysis?.intelligence_index;
          if (typeof points !== 'number' || !isByToken(model)) return undefined;
          const price = (3 * perMillion(model, 'prompt') + perMillion(model, 'completion')) / 4;
          return price === 0 ? -1e9 - points : -points / price;
        },
      ],
    ])('sort: %s %j, in both directions', (sort, options, valueOf) => {
      for (const reverse of [false, true]) {
        const sorted = sortModels(models, sort as ModelSort, { ...options, reverse });
        expect(new Set(sorted)).toEqual(new Set(models));
        const values = sorted.map(({ id }) => valueOf(wireOf.get(id)!));
        const known = values.filter((value) => value !== undefined);
        expect(values.slice(0, known.length)).toEqual(known);
        const ordered = known.every((value, index) => {
          const before = known[index - 1] ?? value;
          return reverse ? before >= value - Math.abs(value) * 1e-12 : before <= value + Math.abs(value) * 1e-12;
        });
        expect(ordered).toBe(true);
        const behind = sorted.slice(known.length).map(({ id }) => wireOf.get(id)!);
        const areRouters = sort.includes('price') ? behind.map(isRouter) : [];
        expect(areRouters).toEqual(areRouters.toSorted());
      }
    });

    test('sort: name', () => {
      const byId = wire.map(({ id }) => id).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
      expect(sortModels(models, 'name').map(({ id }) => id)).toEqual(byId);
    });

    test('every id stands for itself, in any case, with a variant', () => {
      for (const model of models) {
        expect(resolveModel(model.id.toUpperCase(), models)?.model?.id).toBe(model.id);
        expect(resolveModel(`${model.id}:online`, models)).toEqual({ id: `${model.id}:online`, model });
      }
      for (const { id } of models.filter((model) => model.id.startsWith('~'))) {
        expect(resolveModel(id.slice(1), models)?.id).toBe(id);
      }
    });

    test('the built orx filters the same way, with every catalogue filter at once, and again offline', async () => {
      const { url, requests } = await startApiServer((_, response) => sendJson(response, 200, body));
      const run = { home: tempFolder(), env: { OPENROUTER_BASE_URL: url } };
      const args = [
        'models',
        '--author',
        'openai,google',
        '--tools',
        '--vision',
        '--min-context',
        '100k',
        '--max-input-price',
        '3',
      ];
      const expected = wire.filter(CASES.at(-1)![2]).map(({ id }) => id);
      for (const more of [[], ['--offline']]) {
        const { code, stdout } = await runOrx([...args, '-o', 'ids', ...more], run);
        expect([code, new Set(stdout.trimEnd().split('\n'))]).toEqual([0, new Set(expected)]);
      }
      expect(expected.length).toBeGreaterThan(5);
      expect(requests).toHaveLength(1);
    });
  });
});

interface WireEndpoint {
  provider_name: string;
  tag: string;
  quantization: string | null;
  uptime_last_30m: number | null;
  latency_last_30m: { p50: number } | null;
  throughput_last_30m: { p50: number } | null;
}

describe.skipIf(!isPresent)('recorded endpoints', () => {
  const replies = isPresent
    ? (JSON.parse(readFileSync(ENDPOINTS, 'utf8')) as {
        path: string;
        body: { data: { id: string; endpoints: WireEndpoint[] } };
      }[])
    : [];
  const file = FILES.at(-1);
  const { models: all } = decodeCatalogue(file === undefined ? '{"data":[]}' : readFileSync(join(FOLDER, file), 'utf8'));
  const wire = new Map(replies.map(({ body: { data } }) => [data.id, data.endpoints]));
  const endpoints = new Map(replies.map(({ body: { data } }) => [data.id, decodeEndpoints(JSON.stringify(data)).endpoints]));
  const models = all.filter(({ id }) => wire.has(id));
  const facts = { endpoints };

  test('belong to models of the catalogue', () => expect(models.length).toBeGreaterThan(3));

  test('filter: every provider by name and by tag, every quantization', () => {
    const every = [...wire.values()].flat();
    const idsWith = (has: (endpoint: WireEndpoint) => boolean): string[] =>
      models.filter(({ id }) => wire.get(id)!.some(has)).map(({ id }) => id);
    for (const { provider_name: name, tag, quantization } of every) {
      const ids = (filter: ModelFilter): string[] => filterModels(models, filter, facts).map(({ id }) => id);
      for (const text of [tag, name.toUpperCase()]) {
        const isNamed = (known: string): boolean => known.toLowerCase() === text.toLowerCase();
        expect(ids({ provider: [text] })).toEqual(
          idsWith((other) => [other.provider_name, other.tag, other.tag.split('/')[0]!].some(isNamed)),
        );
      }
      const level = quantization ?? 'unknown';
      expect(ids({ quantization: [level] })).toEqual(idsWith((other) => (other.quantization ?? 'unknown') === level));
    }
  });

  test.each<['throughput' | 'latency' | 'uptime', (endpoint: WireEndpoint) => number | null | undefined]>([
    ['throughput', ({ throughput_last_30m: speed }) => speed && -speed.p50],
    ['latency', ({ latency_last_30m: wait }) => wait?.p50],
    ['uptime', ({ uptime_last_30m: up }) => up && -up],
  ])('sort: %s, by the best endpoint', (sort, figure) => {
    const best = (id: string): number =>
      Math.min(
        ...wire
          .get(id)!
          .map(figure)
          .map((value) => (typeof value === 'number' ? value : Infinity)),
      );
    const expected = models.map(({ id }) => id).sort((a, b) => Math.sign(best(a) - best(b) || 0) || (a < b ? -1 : 1));
    expect(sortModels(models, sort, { facts }).map(({ id }) => id)).toEqual(expected);
  });
});
