import { parseDirectId } from '../../apis/direct-id.ts';
import { usageError } from '../../errors.ts';
import { isCost } from '../../paid-cost.ts';
import type { CostSource, LedgerEntry, EntryOutcome } from '../../storage/ledger/entry.ts';

/** An entry as `orx ledger export` and every `--json` write it: times as ISO 8601 in UTC, USD as exact decimal text, null for unknown. */
export type LedgerRecord = Readonly<Record<string, string | number | boolean | null>>;

const OUTCOMES = ['complete', 'stopped', 'failed', 'lost'] as const satisfies readonly EntryOutcome[];
const COST_SOURCES = ['billed', 'looked-up', 'computed', 'estimated', 'unknown'] as const satisfies readonly CostSource[];

const TEXTS = [
  ['command', 'command'],
  ['conversation', 'conversation'],
  ['profile', 'profile'],
  ['project', 'project'],
  ['api', 'api'],
  ['requested_model', 'requestedModel'],
  ['family', 'family'],
] as const;
const OPTIONAL_TEXTS = [
  ['turn', 'turn'],
  ['template', 'template'],
  ['model', 'servedModel'],
  ['provider', 'provider'],
  ['generation_id', 'generationId'],
  ['finish_reason', 'finishReason'],
  ['error', 'errorKind'],
] as const;
// These come last, so that existing columns of a spreadsheet do not move.
const ASKED = ['vendor', 'client_key', 'tags'] as const;
const FALLBACK = [
  ['fallback_from', 'fallbackFrom'],
  ['fallback_reason', 'fallbackReason'],
] as const;
/** The vendor of records that an older orx wrote without one. */
const FIRST_API = 'openrouter';
const TAG_SEPARATOR = ',';
const AMOUNTS = [
  ['expected_cost', 'expectedCost'],
  ['cost', 'cost'],
  ['upstream_cost', 'upstreamCost'],
] as const;
const NUMBERS = [
  ['estimated_extra_tokens', 'estimatedExtraTokens'],
  ['prompt_tokens', 'promptTokens'],
  ['cached_tokens', 'cachedTokens'],
  ['cache_write_tokens', 'cacheWriteTokens'],
  ['completion_tokens', 'completionTokens'],
  ['reasoning_tokens', 'reasoningTokens'],
  ['time_to_first_token_ms', 'timeToFirstTokenMs'],
  ['duration_ms', 'durationMs'],
  ['tokens_per_second', 'throughput'],
  ['attempts', 'attempts'],
] as const;

/** The names of all fields of a record, in order. */
export const RECORD_FIELDS: readonly string[] = [
  'id',
  'time',
  'state',
  'outcome',
  ...TEXTS.map(([name]) => name),
  ...OPTIONAL_TEXTS.map(([name]) => name),
  'cost_source',
  ...AMOUNTS.map(([name]) => name),
  'byok',
  'estimated_prompt_tokens',
  ...NUMBERS.map(([name]) => name),
  ...ASKED,
  ...FALLBACK.map(([name]) => name),
];

export function entryRecord(entry: LedgerEntry): LedgerRecord {
  const record: Record<string, string | number | boolean | null> = {
    id: entry.id,
    time: new Date(entry.openedAt).toISOString(),
    state: entry.state,
    outcome: entry.outcome ?? null,
    cost_source: entry.costSource,
    byok: entry.isByok ?? null,
    estimated_prompt_tokens: entry.estimatedPromptTokens,
    vendor: entry.vendor,
    client_key: entry.clientKey ?? null,
    tags: entry.tags?.join(TAG_SEPARATOR) ?? null,
  };
  for (const [name, key] of [...TEXTS, ...OPTIONAL_TEXTS, ...AMOUNTS, ...NUMBERS, ...FALLBACK]) record[name] = entry[key] ?? null;
  return Object.fromEntries(RECORD_FIELDS.map((field) => [field, record[field]!]));
}

/** Converts a record to an entry. Throws a usage error that names `place` (such as `line 7`) and the invalid field; ignores unknown fields. */
export function recordEntry(record: unknown, place: string): LedgerEntry {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw usageError(`${place} is not a ledger record`);
  const fields = record as Readonly<Record<string, unknown>>;
  const read = new FieldReader(place);
  const openedAt = Date.parse(read.text(fields['time'], 'time'));
  if (Number.isNaN(openedAt)) throw read.wrong('time');
  const costSource = COST_SOURCES.find((source) => source === fields['cost_source']);
  if (costSource === undefined) throw read.wrong('cost_source');
  const outcome = OUTCOMES.find((one) => one === fields['outcome']);
  const cost = read.optionalAmount(fields['cost'], 'cost');
  if ((cost === undefined) !== (costSource === 'unknown')) throw read.wrong('cost');
  const tags = read.optionalText(fields['tags'], 'tags')?.split(TAG_SEPARATOR);
  const requestedModel = read.anyText(fields['requested_model'], 'requested_model');
  // A literal, and each field by its name: an import reads a million records, and fields of computed names are slow.
  return {
    id: read.text(fields['id'], 'id'),
    openedAt,
    command: read.anyText(fields['command'], 'command'),
    conversation: read.anyText(fields['conversation'], 'conversation'),
    profile: read.anyText(fields['profile'], 'profile'),
    project: read.anyText(fields['project'], 'project'),
    api: read.anyText(fields['api'], 'api'),
    requestedModel,
    family: read.anyText(fields['family'], 'family'),
    turn: read.optionalText(fields['turn'], 'turn'),
    template: read.optionalText(fields['template'], 'template'),
    servedModel: read.optionalText(fields['model'], 'model'),
    provider: read.optionalText(fields['provider'], 'provider'),
    generationId: read.optionalText(fields['generation_id'], 'generation_id'),
    finishReason: read.optionalText(fields['finish_reason'], 'finish_reason'),
    errorKind: read.optionalText(fields['error'], 'error'),
    fallbackFrom: read.optionalText(fields['fallback_from'], 'fallback_from'),
    fallbackReason: read.optionalText(fields['fallback_reason'], 'fallback_reason'),
    estimatedExtraTokens: read.optionalQuantity(fields['estimated_extra_tokens'], 'estimated_extra_tokens'),
    promptTokens: read.optionalQuantity(fields['prompt_tokens'], 'prompt_tokens'),
    cachedTokens: read.optionalQuantity(fields['cached_tokens'], 'cached_tokens'),
    cacheWriteTokens: read.optionalQuantity(fields['cache_write_tokens'], 'cache_write_tokens'),
    completionTokens: read.optionalQuantity(fields['completion_tokens'], 'completion_tokens'),
    reasoningTokens: read.optionalQuantity(fields['reasoning_tokens'], 'reasoning_tokens'),
    timeToFirstTokenMs: read.optionalQuantity(fields['time_to_first_token_ms'], 'time_to_first_token_ms'),
    durationMs: read.optionalQuantity(fields['duration_ms'], 'duration_ms'),
    throughput: read.optionalQuantity(fields['tokens_per_second'], 'tokens_per_second'),
    attempts: read.optionalQuantity(fields['attempts'], 'attempts') ?? 1,
    vendor: read.optionalText(fields['vendor'], 'vendor') ?? parseDirectId(requestedModel)?.vendor ?? FIRST_API,
    clientKey: read.optionalText(fields['client_key'], 'client_key'),
    tags,
    expectedCost: read.optionalAmount(fields['expected_cost'], 'expected_cost'),
    estimatedPromptTokens: read.quantity(fields['estimated_prompt_tokens'], 'estimated_prompt_tokens'),
    // A request that was in progress on the other machine has ended here.
    state: 'settled',
    outcome: outcome ?? 'lost',
    cost,
    costSource,
    isByok: read.optionalBoolean(fields['byok'], 'byok'),
    upstreamCost: read.optionalAmount(fields['upstream_cost'], 'upstream_cost'),
  };
}

/** Returns values of the fields of one record. Throws for one of the wrong type. Null and undefined are optional values that are missing. */
class FieldReader {
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  wrong(field: string): Error {
    return usageError(`${this.#place}: ${field} is missing or invalid`);
  }

  anyText(value: unknown, field: string): string {
    if (typeof value !== 'string') throw this.wrong(field);
    return value;
  }

  text(value: unknown, field: string): string {
    if (typeof value !== 'string' || value === '') throw this.wrong(field);
    return value;
  }

  optionalText(value: unknown, field: string): string | undefined {
    return value === null || value === undefined ? undefined : this.text(value, field);
  }

  quantity(value: unknown, field: string): number {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw this.wrong(field);
    return value;
  }

  optionalQuantity(value: unknown, field: string): number | undefined {
    return value === null || value === undefined ? undefined : this.quantity(value, field);
  }

  optionalBoolean(value: unknown, field: string): boolean | undefined {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'boolean') throw this.wrong(field);
    return value;
  }

  optionalAmount(value: unknown, field: string): string | undefined {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'string' || !isCost(value) || !/^\d+(\.\d+)?$/.test(value)) throw this.wrong(field);
    return value;
  }
}
