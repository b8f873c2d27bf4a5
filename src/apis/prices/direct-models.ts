import { decimal } from '../../decimal.ts';
import type { Model, PriceSource, Pricing } from '../catalogue.ts';
import type { ListedModel } from '../dialect.ts';
import { directId } from '../direct-id.ts';
import { decodeModel } from '../openrouter/decode-catalogue.ts';
import { encodePricing } from '../openrouter/decode-pricing.ts';
import type { Vendor } from '../vendors.ts';
import { asObject } from '../wire/wire-value.ts';
import { guessedOutputs } from './guessed-outputs.ts';
import { matchModels } from './match-models.ts';
import { undated } from './model-names.ts';
import type { PriceTable, TableEntry } from './price-table.ts';

/** Sources of prices for direct models, in addition to the vendor's own list. */
export interface PriceSources {
  /** The user's own prices, by direct model id. */
  file: ReadonlyMap<string, Pricing>;
  /** A stored OpenRouter catalogue, and when it was fetched, in milliseconds since 1970. */
  catalogue?: { models: readonly Model[]; fetchedAt: number } | undefined;
  table: PriceTable;
}

/** What other sources know about a model. */
interface Known {
  /** The same model in OpenRouter's catalogue. */
  entry: Model | undefined;
  row: TableEntry | undefined;
}

interface SourcedPricing {
  source: PriceSource;
  date?: string | undefined;
  /** In the catalogue's form; empty when no price is known. */
  wire: unknown;
}

/**
 * Joins a vendor's list of models with prices. The prices of a model come from the first source that has both input and output:
 * the user's file, the vendor's list, then the newer of OpenRouter's catalogue and the bundled table. Without a source they stay
 * unknown. Other missing facts come from the catalogue, then from the table. `wire` has the form of an entry in OpenRouter's
 * catalogue, so that every reader of such entries can use it.
 */
export function directModels(vendor: Vendor, listed: readonly ListedModel[], sources: PriceSources): Model[] {
  const matcher = matchModels(sources.catalogue?.models ?? [], vendor.author);
  const seen = new Set<string>();
  return listed.flatMap((one): Model[] => {
    if (one.id === '' || seen.has(one.id)) return [];
    seen.add(one.id);
    const row = sources.table.find(vendor.like ?? vendor.name, one.id);
    const match = matcher.find(one.id);
    // An entry of open weights describes what all its providers have in common, a row describes this vendor.
    const entry = match?.huggingFaceId !== undefined && row !== undefined ? undefined : match;
    const model = decodeModel(wireEntry(vendor, one, { entry, row }, sources));
    return model === undefined ? [] : [model];
  });
}

function wireEntry(vendor: Vendor, listed: ListedModel, known: Known, sources: PriceSources): Record<string, unknown> {
  const { entry, row } = known;
  const inputs = listed.inputModalities ?? entry?.inputModalities ?? row?.inputModalities ?? ['text'];
  const outputs = listed.outputModalities ?? entry?.outputModalities ?? row?.outputModalities ?? guessedOutputs(listed.id);
  const context = listed.contextLength ?? entry?.contextLength ?? row?.contextLength ?? null;
  const price = pricingOf(vendor, listed, known, sources);
  return {
    id: directId({ vendor: vendor.name, model: listed.id }),
    name: listed.name ?? withoutAuthor(entry?.name) ?? listed.id,
    description: listed.description ?? entry?.description ?? '',
    created: listed.created ?? entry?.created ?? null,
    context_length: context,
    architecture: {
      modality: `${inputs.join('+')}->${outputs.join('+')}`,
      input_modalities: inputs,
      output_modalities: outputs,
      tokenizer: entry?.tokenizer ?? null,
    },
    pricing: price.wire,
    top_provider: {
      context_length: context,
      max_completion_tokens: listed.maxCompletionTokens ?? entry?.maxCompletionTokens ?? row?.maxCompletionTokens ?? null,
    },
    supported_parameters: listed.supportedParameters ?? entry?.supportedParameters ?? row?.supportedParameters ?? [],
    hugging_face_id: entry?.huggingFaceId ?? null,
    knowledge_cutoff: entry?.knowledgeCutoff ?? null,
    ...copied(entry, 'reasoning', 'benchmarks'),
    vendor: vendor.name,
    price_source: price.source,
    price_date: price.date ?? null,
  };
}

function pricingOf(
  vendor: Vendor,
  listed: ListedModel,
  { entry, row }: Known,
  { file, catalogue }: PriceSources,
): SourcedPricing {
  const id = directId({ vendor: vendor.name, model: listed.id });
  const own = file.get(id) ?? file.get(undated(id));
  if (own !== undefined) return { source: 'file', wire: encodePricing(own) };
  if (listed.prices?.prompt !== undefined && listed.prices.completion !== undefined)
    return { source: 'vendor', wire: encodePricing({ ...listed.prices, overrides: [] }) };
  if (costsNothing(vendor, listed.id)) {
    return { source: 'local', wire: encodePricing({ prompt: decimal(0), completion: decimal(0), overrides: [] }) };
  }
  const bundled: SourcedPricing | undefined =
    row === undefined ? undefined : { source: 'bundled', date: row.date, wire: encodePricing(row.pricing) };
  if (entry === undefined || catalogue === undefined || !isListPrice(vendor, entry)) {
    return bundled ?? { source: 'unknown', wire: {} };
  }
  const date = new Date(catalogue.fetchedAt).toISOString().slice(0, 10);
  if (bundled !== undefined && bundled.date! > date) return bundled;
  return { source: 'catalogue', date, wire: asObject(asObject(entry.wire)?.['pricing']) ?? encodePricing(entry.pricing) };
}

/**
 * Returns whether the catalogue has the vendor's own price. It does for models that only their author sells. For open weights it
 * has the price of the cheapest provider, and a vendor that hosts other authors' models has its own prices.
 */
function isListPrice(vendor: Vendor, { pricing, huggingFaceId }: Model): boolean {
  return (
    vendor.author !== undefined &&
    huggingFaceId === undefined &&
    typeof pricing.prompt === 'object' &&
    typeof pricing.completion === 'object'
  );
}

/** Returns whether a model runs on the user's own machine. Ollama also lists its cloud models, which are paid. */
function costsNothing(vendor: Vendor, model: string): boolean {
  if (vendor.isLocal !== true) return false;
  return (
    (vendor.like ?? vendor.name) !== 'ollama' ||
    !(/[:-]cloud$/.test(model) || /^https?:\/\/([^/]+\.)?ollama\.com(?=[:/]|$)/i.test(vendor.baseUrl))
  );
}

function copied(entry: Model | undefined, ...names: readonly string[]): Record<string, unknown> {
  const wire = asObject(entry?.wire) ?? {};
  return Object.fromEntries(names.flatMap((name) => (wire[name] === undefined ? [] : [[name, wire[name]]])));
}

/** `Anthropic: Claude Sonnet 4.6` → `Claude Sonnet 4.6`: the id contains the vendor. */
function withoutAuthor(name: string | undefined): string | undefined {
  return name?.replace(/^[^:]{1,40}: /, '');
}
