import { parseDirectId } from '../../apis/direct-id.ts';
import { usageError } from '../../errors.ts';
import { parseCost } from '../../paid-cost.ts';
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
  const fields = record as Record<string, unknown>;
  const wrong = (field: string): Error => usageError(`${place}: ${field} is missing or invalid`);
  const read = <T>(field: string, accepts: (value: unknown) => value is T): T => {
    const value = fields[field];
    if (!accepts(value)) throw wrong(field);
    return value;
  };
  const optional = <T>(field: string, accepts: (value: unknown) => value is T): T | undefined =>
    fields[field] === undefined || fields[field] === null ? undefined : read(field, accepts);

  const openedAt = Date.parse(read('time', isText));
  if (Number.isNaN(openedAt)) throw wrong('time');
  const costSource = COST_SOURCES.find((source) => source === fields['cost_source']);
  if (costSource === undefined) throw wrong('cost_source');
  const outcome = OUTCOMES.find((one) => one === fields['outcome']);
  const cost = optional('cost', isAmount);
  if ((cost === undefined) !== (costSource === 'unknown')) throw wrong('cost');
  const tags = optional('tags', isText)?.split(TAG_SEPARATOR);
  // A literal: an import reads a million of them, and objects that are made from lists of fields are slow.
  return {
    id: read('id', isText),
    openedAt,
    command: read('command', isString),
    conversation: read('conversation', isString),
    profile: read('profile', isString),
    project: read('project', isString),
    api: read('api', isString),
    requestedModel: read('requested_model', isString),
    family: read('family', isString),
    turn: optional('turn', isText),
    template: optional('template', isText),
    servedModel: optional('model', isText),
    provider: optional('provider', isText),
    generationId: optional('generation_id', isText),
    finishReason: optional('finish_reason', isText),
    errorKind: optional('error', isText),
    fallbackFrom: optional('fallback_from', isText),
    fallbackReason: optional('fallback_reason', isText),
    estimatedExtraTokens: optional('estimated_extra_tokens', isQuantity),
    promptTokens: optional('prompt_tokens', isQuantity),
    cachedTokens: optional('cached_tokens', isQuantity),
    cacheWriteTokens: optional('cache_write_tokens', isQuantity),
    completionTokens: optional('completion_tokens', isQuantity),
    reasoningTokens: optional('reasoning_tokens', isQuantity),
    timeToFirstTokenMs: optional('time_to_first_token_ms', isQuantity),
    durationMs: optional('duration_ms', isQuantity),
    throughput: optional('tokens_per_second', isQuantity),
    attempts: optional('attempts', isQuantity) ?? 1,
    vendor: optional('vendor', isText) ?? parseDirectId(read('requested_model', isString))?.vendor ?? FIRST_API,
    clientKey: optional('client_key', isText),
    tags,
    expectedCost: optional('expected_cost', isAmount),
    estimatedPromptTokens: read('estimated_prompt_tokens', isQuantity),
    // A request that was in progress on the other machine has ended here.
    state: 'settled',
    outcome: outcome ?? 'lost',
    cost,
    costSource,
    isByok: optional('byok', isBoolean),
    upstreamCost: optional('upstream_cost', isAmount),
  };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isAmount(value: unknown): value is string {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && parseCost(value) !== undefined;
}
