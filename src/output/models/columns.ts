import type { Blend } from '../../core/models/blend.ts';
import { blendedPrice } from '../../core/models/blend.ts';
import { bestEndpoint, endpointsOf, hasZeroRetention, type MarketFacts } from '../../core/models/market-facts.ts';
import type { Benchmark } from '../../core/models/benchmarks.ts';
import { modelValue } from '../../core/models/value.ts';
import { authorOf } from '../../core/text/near-names.ts';
import { priceKind } from '../../core/price/kind.ts';
import { type Decimal, decimalText } from '../../decimal.ts';
import type { Model, Price } from '../../apis/catalogue.ts';
import type { ModelColumnName } from './column-names.ts';
import { contextText, createdText, modalitiesText } from './text.ts';
import { perMillionText } from '../text/price.ts';
import type { TableTone } from '../table/table.ts';

/** The data from which cells are made, besides the model itself. */
export interface ModelView {
  blend: Blend;
  benchmark: Benchmark;
  facts?: MarketFacts | undefined;
  /** Rounds prices with many digits and marks them with `~`. */
  short?: boolean | undefined;
}

/** A column of a list of models. */
export interface ModelColumn {
  /** For people. Prices are USD per million tokens. */
  heading: string | ((view: ModelView) => string);
  /** For programs. Contains the unit. */
  exactHeading: string | ((view: ModelView) => string);
  align: 'left' | 'right';
  /** Aligns decimal points. */
  isNumber?: boolean;
  tone?: TableTone;
  /** The value comes from endpoints, not from the catalogue. */
  needsEndpoints?: boolean;
  text: (model: Model, view: ModelView) => string;
  /** Returns the exact value, prices per single token; null if it is unknown or there is no such price. */
  exact: (model: Model, view: ModelView) => string | number | null;
}

type PriceName = 'prompt' | 'completion' | 'cacheRead' | 'cacheWrite';

export const MODEL_COLUMNS = {
  model: textColumn('model', 'model', ({ id }) => id),
  name: textColumn('name', 'name', ({ name }) => name),
  author: textColumn('author', 'author', ({ id }) => authorOf(id)),
  in: priceColumn('in $/M', 'input', 'prompt'),
  out: priceColumn('out $/M', 'output', 'completion'),
  blend: {
    heading: ({ blend }) => `${decimalText(blend.input)}:${decimalText(blend.output)} $/M`,
    exactHeading: ({ blend }) => `blend_${decimalText(blend.input)}:${decimalText(blend.output)}_usd_per_token`,
    align: 'right',
    isNumber: true,
    text: (model, view) => priceText(model, blendedPrice(model, view.blend), view),
    exact: (model, { blend }) => exactPrice(blendedPrice(model, blend)),
  },
  cached: priceColumn('cached $/M', 'cache_read', 'cacheRead'),
  'cache-write': priceColumn('cache write $/M', 'cache_write', 'cacheWrite'),
  pricing: textColumn('pricing', 'pricing', priceKind),
  context: countColumn('context', 'context_tokens', ({ contextLength }) => contextLength),
  'output-limit': countColumn('out max', 'output_limit_tokens', ({ maxCompletionTokens }) => maxCompletionTokens),
  created: { ...textColumn('created', 'created', (model) => createdText(model.created), 'dim') },
  modalities: {
    ...textColumn('modalities', 'modalities', modalitiesText, 'dim'),
    exact: ({ inputModalities, outputModalities }) =>
      inputModalities.length + outputModalities.length === 0
        ? null
        : `${inputModalities.join('+')}->${outputModalities.join('+')}`,
  },
  parameters: textColumn('parameters', 'parameters', ({ supportedParameters }) => supportedParameters.join(' '), 'dim'),
  throughput: bestColumn('tok/s', 'throughput_tokens_per_second', 'throughput', (value) => value.toFixed(value < 10 ? 1 : 0)),
  latency: bestColumn('p50 s', 'latency_ms', 'latency', (value) => (value / 1000).toFixed(2)),
  uptime: bestColumn('uptime %', 'uptime_percent', 'uptime', (value) => String(Number(value.toFixed(1)))),
  providers: {
    ...countColumn('providers', 'providers', () => undefined),
    needsEndpoints: true,
    text: (model, { facts }) => String(providerCount(model, facts) ?? '–'),
    exact: (model, { facts }) => providerCount(model, facts) ?? null,
  },
  quantization: {
    ...textColumn('quant', 'quantization', () => '', 'dim'),
    needsEndpoints: true,
    text: (model, { facts }) => quantizations(model, facts) || '–',
    exact: (model, { facts }) => quantizations(model, facts) || null,
  },
  zdr: {
    heading: 'data',
    exactHeading: 'zdr',
    align: 'left',
    text: (model, { facts }) => zdrText(model, facts),
    exact: (model, { facts }) => (facts?.zdrModels === undefined ? null : String(hasZeroRetention(model, facts))),
  },
  intelligence: benchmarkColumn('intelligence'),
  coding: benchmarkColumn('coding'),
  agentic: benchmarkColumn('agentic'),
  value: {
    heading: 'per $/M',
    exactHeading: ({ benchmark }) => `${benchmark}_per_usd_per_million`,
    align: 'right',
    isNumber: true,
    text: (model, view) => valueText(modelValue(model, view.benchmark, view.blend)),
    exact(model, { benchmark, blend }) {
      const value = modelValue(model, benchmark, blend);
      return typeof value === 'object' ? decimalText(value) : null;
    },
  },
  cutoff: textColumn('cutoff', 'knowledge_cutoff', ({ knowledgeCutoff }) => knowledgeCutoff ?? '', 'dim'),
  tokenizer: textColumn('tokenizer', 'tokenizer', ({ tokenizer }) => tokenizer ?? '', 'dim'),
  expires: textColumn('expires', 'expires', ({ expirationDate }) => expirationDate ?? '', 'warning'),
} as const satisfies Record<ModelColumnName, ModelColumn>;

function textColumn(heading: string, exactHeading: string, of: (model: Model) => string, tone?: TableTone): ModelColumn {
  return {
    heading,
    exactHeading,
    align: 'left',
    ...(tone === undefined ? {} : { tone }),
    text: (model) => of(model) || '–',
    exact: (model) => of(model).replace(/^–$/, '') || null,
  };
}

function countColumn(heading: string, exactHeading: string, of: (model: Model) => number | undefined): ModelColumn {
  return {
    heading,
    exactHeading,
    align: 'right',
    text: (model) => contextText(of(model)),
    exact: (model) => of(model) ?? null,
  };
}

function priceColumn(heading: string, exactName: string, name: PriceName): ModelColumn {
  return {
    heading,
    exactHeading: `${exactName}_usd_per_token`,
    align: 'right',
    isNumber: true,
    text: (model, view) => priceText(model, model.pricing[name], view),
    exact: (model) => (priceKind(model) === 'other' ? null : exactPrice(model.pricing[name])),
  };
}

function benchmarkColumn(name: Benchmark): ModelColumn {
  return {
    heading: name,
    exactHeading: name,
    align: 'right',
    isNumber: true,
    text: ({ benchmarks }) => String(benchmarks?.[name] ?? '–'),
    exact: ({ benchmarks }) => benchmarks?.[name] ?? null,
  };
}

function bestColumn(
  heading: string,
  exactHeading: string,
  name: 'throughput' | 'latency' | 'uptime',
  show: (value: number) => string,
): ModelColumn {
  const of = (model: Model, { facts }: ModelView): number | undefined => bestEndpoint(model, facts)[name];
  return {
    heading,
    exactHeading,
    align: 'right',
    isNumber: true,
    needsEndpoints: true,
    text(model, view) {
      const value = of(model, view);
      return value === undefined ? '–' : show(value);
    },
    exact: (model, view) => of(model, view) ?? null,
  };
}

function priceText(model: Model, price: Price | undefined, { short }: ModelView): string {
  const kind = priceKind(model);
  if (kind === 'free') return model.priceSource === 'local' ? 'local' : 'free';
  if (kind === 'varies' || kind === 'unknown') return kind;
  return perMillionText(kind === 'other' ? undefined : price, short === true ? { short } : {});
}

function exactPrice(price: Price | undefined): string | null {
  return typeof price === 'object' ? decimalText(price) : null;
}

function valueText(value: Decimal | 'free' | undefined): string {
  if (value === undefined) return '–';
  return value === 'free' ? 'free' : value.toFixed(value.lt(10) ? 2 : 1);
}

function providerCount(model: Model, facts: MarketFacts | undefined): number | undefined {
  const endpoints = endpointsOf(model, facts);
  return endpoints === undefined ? undefined : new Set(endpoints.map(({ providerName }) => providerName)).size;
}

function quantizations(model: Model, facts: MarketFacts | undefined): string {
  const levels = (endpointsOf(model, facts) ?? []).map(({ quantization }) => quantization ?? 'unknown');
  return [...new Set(levels)].sort().join(' ');
}

/** Returns whether an endpoint of the model keeps no data of prompts, in the words of the endpoints' own table. */
function zdrText(model: Model, facts: MarketFacts | undefined): string {
  if (facts?.zdrModels === undefined) return '?';
  return hasZeroRetention(model, facts) ? 'zdr' : 'not zdr';
}
