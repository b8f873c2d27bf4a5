import { OrxError } from '../../errors.ts';
import {
  PRICE_SOURCES,
  type Benchmarks,
  type Catalogue,
  type Endpoint,
  type EndpointList,
  type Model,
  type ModelEndpoint,
  type ModelReasoning,
  type Percentiles,
} from '../catalogue.ts';
import { decodePricing } from './decode-pricing.ts';
import { titleReason } from '../../text/page-title.ts';
import { errorWire } from '../wire/errors/decode-error.ts';
import { asArray, asBoolean, asCount, asNumber, asObject, asText, type WireObject } from '../wire/wire-value.ts';

const PLACE_HINT = 'check that the base URL is that of an OpenRouter API, with its path: orx config get base-url';
/** The last second of a JavaScript Date. */
const LAST_SECOND = 8.64e12;

/**
 * Decodes the body of `GET /models`. Tolerant: skips unknown fields, nulls, wrong types, and entries without an id. Throws kind
 * `network` when the body is a web page (captive portal, wrong base URL), and kind `provider` when it is anything else that is
 * not a catalogue.
 */
export function decodeCatalogue(body: string): Catalogue {
  // trim() also removes a byte order mark, which JSON.parse would reject.
  const text = body.trim();
  const wire = asObject(parseJson(text));
  if (!Array.isArray(wire?.['data'])) throw notACatalogue(text, wire?.['error']);
  return { models: wire['data'].map(decodeModel).filter((model) => model !== undefined), body };
}

/** Decodes one entry of the catalogue. Returns undefined when it has no id. */
export function decodeModel(wire: unknown): Model | undefined {
  const entry = asObject(wire) ?? {};
  const id = asText(entry['id']);
  if (id === undefined) return undefined;
  const architecture = asObject(entry['architecture']) ?? {};
  const topProvider = asObject(entry['top_provider']) ?? {};
  const [inputs = [], outputs = []] = modalities(asText(architecture['modality']));
  let pricing: Model['pricing'] | undefined;
  return {
    id,
    canonicalSlug: asText(entry['canonical_slug']),
    name: asText(entry['name']) ?? id,
    description: asText(entry['description']),
    created: asSecond(entry['created']),
    contextLength: asLimit(entry['context_length']) ?? asLimit(topProvider['context_length']),
    maxCompletionTokens: asLimit(topProvider['max_completion_tokens']),
    inputModalities: asTexts(architecture['input_modalities']) ?? inputs,
    outputModalities: asTexts(architecture['output_modalities']) ?? outputs,
    supportedParameters: asTexts(entry['supported_parameters']) ?? [],
    // Exact decimals take longer than everything else, and a command about one model reads the prices of few.
    get pricing() {
      return (pricing ??= decodePricing(entry['pricing']));
    },
    tokenizer: asText(architecture['tokenizer']),
    huggingFaceId: asText(entry['hugging_face_id']),
    isModerated: asBoolean(topProvider['is_moderated']),
    knowledgeCutoff: asDate(entry['knowledge_cutoff']),
    reasoning: asReasoning(entry['reasoning']),
    benchmarks: asBenchmarks(entry['benchmarks']),
    aliasTarget: asText(asObject(entry['alias_target'])?.['slug']),
    expirationDate: asDate(entry['expiration_date']),
    ...priceOrigin(entry),
    wire,
  };
}

/** Decodes one endpoint of `GET /models/{author}/{slug}/endpoints`. Returns undefined when it names no provider. */
export function decodeEndpoint(wire: unknown): Endpoint | undefined {
  const entry = asObject(wire) ?? {};
  const tag = asText(entry['tag']);
  const providerName = asText(entry['provider_name']) ?? tag;
  if (providerName === undefined) return undefined;
  return {
    providerName,
    tag: tag ?? providerName,
    contextLength: asLimit(entry['context_length']),
    maxCompletionTokens: asLimit(entry['max_completion_tokens']),
    quantization: asText(entry['quantization']),
    pricing: decodePricing(entry['pricing']),
    maxPromptTokens: asLimit(entry['max_prompt_tokens']),
    supportedParameters: asTexts(entry['supported_parameters']) ?? [],
    status: asNumber(entry['status']),
    uptimeLast5m: asNumber(entry['uptime_last_5m']),
    uptimeLast30m: asNumber(entry['uptime_last_30m']),
    uptimeLast1d: asNumber(entry['uptime_last_1d']),
    latency: asPercentiles(entry['latency_last_30m']),
    throughput: asPercentiles(entry['throughput_last_30m']),
    cachesImplicitly: asBoolean(entry['supports_implicit_caching']),
    wire,
  };
}

/** Decodes the entries of `GET /endpoints/zdr`. Skips entries without a model. Throws kind `provider` when it is not a list. */
export function decodeModelEndpoints(wire: unknown): readonly ModelEndpoint[] {
  if (!Array.isArray(wire)) throw notEndpoints();
  return wire.flatMap((entry: unknown): ModelEndpoint[] => {
    const endpoint = decodeEndpoint(entry);
    const modelId = asText(asObject(entry)?.['model_id']);
    return endpoint === undefined || modelId === undefined ? [] : [{ ...endpoint, modelId }];
  });
}

/** Decodes the `data` of the endpoints reply. Throws kind `provider` when it has no endpoints. */
export function decodeEndpoints(body: string): EndpointList {
  const wire = asObject(parseJson(body));
  if (!Array.isArray(wire?.['endpoints'])) throw notEndpoints();
  return { endpoints: wire['endpoints'].map(decodeEndpoint).filter((endpoint) => endpoint !== undefined), body };
}

function notEndpoints(): OrxError {
  return new OrxError('the response is not a list of endpoints', {
    kind: 'provider',
    code: 'not-endpoints',
    hints: [PLACE_HINT],
  });
}

/** Models that do not count tokens have a limit of 0, which means no limit. */
function asLimit(value: unknown): number | undefined {
  const limit = asCount(value);
  return limit === 0 ? undefined : limit;
}

function asSecond(value: unknown): number | undefined {
  const second = asNumber(value);
  return second !== undefined && second > 0 && second <= LAST_SECOND ? second : undefined;
}

function asDate(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}

function asTexts(value: unknown): readonly string[] | undefined {
  const texts = asArray(value)
    .map(asText)
    .filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts;
}

/** Only the entries that apis/prices/direct-models.ts creates from a vendor's list have a price source. */
function priceOrigin(entry: WireObject): Pick<Model, 'priceSource' | 'priceDate'> {
  const priceSource = PRICE_SOURCES.find((source) => source === entry['price_source']);
  return priceSource === undefined ? {} : { priceSource, priceDate: asDate(entry['price_date']) };
}

function asReasoning(value: unknown): ModelReasoning | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  return {
    isMandatory: wire['mandatory'] === true,
    efforts: asTexts(wire['supported_efforts']),
    defaultEffort: asText(wire['default_effort']),
    isDefault: asBoolean(wire['default_enabled']),
  };
}

function asBenchmarks(value: unknown): Benchmarks | undefined {
  const indices = asObject(asObject(value)?.['artificial_analysis']);
  if (indices === undefined) return undefined;
  return {
    intelligence: asNumber(indices['intelligence_index']),
    coding: asNumber(indices['coding_index']),
    agentic: asNumber(indices['agentic_index']),
  };
}

function asPercentiles(value: unknown): Percentiles | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  return {
    p50: asNumber(wire['p50']),
    p75: asNumber(wire['p75']),
    p90: asNumber(wire['p90']),
    p99: asNumber(wire['p99']),
  };
}

/** Splits `text+image->text`, the only information when the lists are missing. */
function modalities(modality: string | undefined): string[][] {
  return modality?.split('->').map((side) => side.split('+').filter((name) => name !== '')) ?? [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notACatalogue(text: string, error: unknown): OrxError {
  if (text.startsWith('<')) {
    const title = titleReason(text);
    return new OrxError('received a web page instead of the model catalog', {
      kind: 'network',
      code: 'not-json',
      why: title,
      hints: [PLACE_HINT],
    });
  }
  const message = asText(asObject(error)?.['message']);
  return new OrxError(
    message === undefined ? 'the response is not a model catalog' : `cannot load the model catalog: ${message}`,
    {
      kind: 'provider',
      code: 'not-a-catalogue',
      hints: [PLACE_HINT],
      wire: errorWire(error),
    },
  );
}
