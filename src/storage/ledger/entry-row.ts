import { parseCost } from '../../paid-cost.ts';
import { amountParts, paidAmountParts } from './cost-units.ts';
import { clean } from '../sqlite/clean-text.ts';
import type { Labels } from './labels.ts';
import { tagsIn, tagsText, vendorIn } from './labeling.ts';
import type { CostSource, LedgerEntry, EntryOutcome } from './entry.ts';
import type { SqlValue } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';

/** The index of each is its number in the table. */
const SOURCES: readonly CostSource[] = ['unknown', 'estimated', 'looked-up', 'billed', 'computed'];
const WORST_FIRST: readonly CostSource[] = ['unknown', 'estimated', 'computed', 'looked-up', 'billed'];
const OUTCOMES: readonly EntryOutcome[] = ['complete', 'stopped', 'failed', 'lost'];

/** Returns how good a source is; an unknown name counts as none. */
export function sourceRank(source: CostSource): number {
  return Math.max(0, WORST_FIRST.indexOf(source));
}

export function isOutcome(value: unknown): value is EntryOutcome {
  return OUTCOMES.includes(value as EntryOutcome);
}

export function isCostSource(value: unknown): value is CostSource {
  return SOURCES.includes(value as CostSource);
}

/** A row of the table `entry`, with its row number. */
export type EntryRow = Record<string, string | number | null> & { row: number; id: string; opened_at: number };

const OPENING = [
  'id',
  'opened_at',
  'command',
  'conversation',
  'turn',
  'profile',
  'project',
  'api',
  'requested_model',
  'family',
  'template',
  'estimated_prompt_tokens',
  'estimated_extra_tokens',
  'expected_cost',
  'vendor',
  'client',
  'tags',
  'fallback_from',
] as const;

const RESULT = [
  'model',
  'outcome',
  'served_model',
  'provider',
  'generation_id',
  'prompt_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'cost',
  'cost_nano',
  'cost_rest',
  'cost_source',
  'is_byok',
  'upstream_cost',
  'upstream_nano',
  'upstream_rest',
  'time_to_first_token_ms',
  'duration_ms',
  'throughput',
  'finish_reason',
  'attempts',
  'error_kind',
  'fallback_reason',
] as const;

const TEXTS: ReadonlySet<string> = new Set(['id', 'conversation', 'expected_cost', 'generation_id', 'cost', 'upstream_cost']);
const COLUMNS = [...OPENING, ...RESULT];
/** The columns that `entryOf` reads. */
export const ENTRY_COLUMNS = ['row', ...COLUMNS.map((name) => (TEXTS.has(name) ? texts(name) : name))].join(', ');
export const INSERT_ENTRY = `INSERT INTO entry (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;
const OPENED = [...OPENING, 'model', 'fallback_reason'];
/** Inserts an entry without a result: binding takes most of the time, and all other columns have their defaults. */
export const INSERT_OPENED = `INSERT INTO entry (${OPENED.join(', ')}) VALUES (${OPENED.map(() => '?').join(', ')})`;
/** Columns that are 0 if an insert does not name them. */
const ZERO_BY_DEFAULT: ReadonlySet<string> = new Set(['cost_nano', 'cost_rest', 'cost_source', 'upstream_nano', 'upstream_rest']);

/**
 * Returns a statement that inserts several entries at once, of values as INSERT_ENTRY takes them, and what to bind. It names only columns in which
 * an entry differs from the default: binding takes most of the time. The statement ends with `clause`.
 */
export function insertEntries(rows: readonly (readonly SqlValue[])[], clause: string): { sql: string; values: SqlValue[] } {
  const places: number[] = [];
  for (let place = 0; place < COLUMNS.length; place += 1) if (!areDefaults(rows, place)) places.push(place);
  const values: SqlValue[] = [];
  for (const one of rows) for (const place of places) values.push(one[place]);
  return { sql: insertOf(places, rows.length, clause), values };
}

function areDefaults(rows: readonly (readonly SqlValue[])[], place: number): boolean {
  const isZeroDefault = ZERO_BY_DEFAULT.has(COLUMNS[place]!);
  for (const row of rows) {
    const value = row[place];
    if (value !== null && value !== undefined && !(value === 0 && isZeroDefault)) return false;
  }
  return true;
}

/** The statements for batches of one size by their columns. A statement has thousands of characters, and most batches have the same one. */
const inserts = new Map<string, string>();
const MOST_INSERTS = 50;

function insertOf(places: readonly number[], count: number, clause: string): string {
  const key = `${count} ${places.join()} ${clause}`;
  const known = inserts.get(key);
  if (known !== undefined) return known;
  const row = `(${places.map(() => '?').join(', ')})`;
  const names = places.map((place) => COLUMNS[place]).join(', ');
  const sql = `INSERT INTO entry (${names}) VALUES ${Array.from({ length: count }, () => row).join(', ')} ${clause}`;
  if (inserts.size >= MOST_INSERTS) inserts.clear();
  inserts.set(key, sql);
  return sql;
}

/** The values are those of `resultValues`, followed by the row number. */
export const UPDATE_RESULT = `UPDATE entry SET ${RESULT.map((name) => `${name} = ?`).join(', ')} WHERE row = ?`;

/** Returns the values for INSERT_ENTRY. Stores labels, so it must run inside a write transaction. */
export function entryValues(entry: LedgerEntry, labels: Labels): SqlValue[] {
  return [...openingValues(entry, labels), ...resultValues(entry, labels)];
}

/** Returns the values for INSERT_OPENED. Stores labels, so it must run inside a write transaction. */
export function openedValues(entry: LedgerEntry, labels: Labels): SqlValue[] {
  return [...openingValues(entry, labels), modelOf(entry, labels), label(entry.fallbackReason, labels)];
}

function openingValues(entry: LedgerEntry, labels: Labels): SqlValue[] {
  return [
    clean(entry.id),
    Math.round(entry.openedAt),
    labels.store(entry.command),
    clean(entry.conversation),
    entry.turn === undefined ? null : clean(entry.turn),
    labels.store(entry.profile),
    labels.store(entry.project),
    labels.store(entry.api),
    labels.store(entry.requestedModel),
    labels.store(entry.family),
    label(entry.template, labels),
    whole(entry.estimatedPromptTokens) ?? 0,
    whole(entry.estimatedExtraTokens),
    entry.expectedCost,
    labels.store(entry.vendor),
    label(entry.clientKey, labels),
    label(tagsText(entry.tags), labels),
    label(entry.fallbackFrom, labels),
  ];
}

function modelOf({ servedModel, requestedModel }: LedgerEntry, labels: Labels): number {
  return labels.store(servedModel ?? requestedModel);
}

/** Returns the values for UPDATE_RESULT, except the row number. */
export function resultValues(entry: LedgerEntry, labels: Labels): SqlValue[] {
  const paid = paidAmountParts(entry);
  const upstream = amountParts(entry.upstreamCost);
  return [
    modelOf(entry, labels),
    entry.state === 'settled' ? OUTCOMES.indexOf(entry.outcome ?? 'failed') : null,
    label(entry.servedModel, labels),
    label(entry.provider, labels),
    entry.generationId === undefined ? null : clean(entry.generationId),
    whole(entry.promptTokens),
    whole(entry.cachedTokens),
    whole(entry.cacheWriteTokens),
    whole(entry.completionTokens),
    whole(entry.reasoningTokens),
    entry.cost,
    paid.nano,
    paid.rest,
    Math.max(0, SOURCES.indexOf(entry.costSource)),
    entry.isByok === undefined ? null : Number(entry.isByok),
    entry.upstreamCost,
    upstream.nano,
    upstream.rest,
    entry.timeToFirstTokenMs,
    entry.durationMs,
    entry.throughput,
    label(entry.finishReason, labels),
    whole(entry.attempts),
    label(entry.errorKind, labels),
    label(entry.fallbackReason, labels),
  ];
}

/** Converts a row to an entry. Omits missing fields. */
export function entryOf(row: EntryRow, labels: Pick<Labels, 'text'>): LedgerEntry {
  // A row recovered from an older schema lacks later columns.
  const text = (name: string): string | undefined => (isMissing(row[name]) ? undefined : String(row[name]));
  const number = (name: string): number | undefined => (isMissing(row[name]) ? undefined : Number(row[name]));
  const labeled = (name: string): string | undefined => (isMissing(row[name]) ? undefined : labels.text(Number(row[name])));
  const outcome = number('outcome');
  const byok = number('is_byok');
  const amount = (column: string): string | undefined => {
    const stored = text(column);
    return parseCost(stored) === undefined ? undefined : stored;
  };
  const cost = amount('cost');
  const entry: { [Name in keyof LedgerEntry]: LedgerEntry[Name] | undefined } = {
    id: row.id,
    openedAt: row.opened_at,
    command: labeled('command') ?? '',
    conversation: text('conversation') ?? '',
    turn: text('turn'),
    profile: labeled('profile') ?? '',
    project: labeled('project') ?? '',
    api: labeled('api') ?? '',
    requestedModel: labeled('requested_model') ?? '',
    family: labeled('family') ?? '',
    template: labeled('template'),
    estimatedPromptTokens: number('estimated_prompt_tokens') ?? 0,
    estimatedExtraTokens: number('estimated_extra_tokens'),
    expectedCost: text('expected_cost'),
    vendor: labeled('vendor') ?? vendorIn(labeled('requested_model') ?? ''),
    clientKey: labeled('client'),
    tags: tagsIn(labeled('tags')),
    state: outcome === undefined ? 'open' : 'settled',
    outcome: outcome === undefined ? undefined : (OUTCOMES[outcome] ?? 'failed'),
    servedModel: labeled('served_model'),
    provider: labeled('provider'),
    generationId: text('generation_id'),
    promptTokens: number('prompt_tokens'),
    cachedTokens: number('cached_tokens'),
    cacheWriteTokens: number('cache_write_tokens'),
    completionTokens: number('completion_tokens'),
    reasoningTokens: number('reasoning_tokens'),
    // An older orx stored whatever the server sent.
    cost,
    costSource: cost === undefined ? 'unknown' : (SOURCES[number('cost_source') ?? 0] ?? 'unknown'),
    isByok: byok === undefined ? undefined : byok === 1,
    upstreamCost: amount('upstream_cost'),
    timeToFirstTokenMs: number('time_to_first_token_ms'),
    durationMs: number('duration_ms'),
    throughput: number('throughput'),
    finishReason: labeled('finish_reason'),
    attempts: number('attempts'),
    errorKind: labeled('error_kind'),
    fallbackFrom: labeled('fallback_from'),
    fallbackReason: labeled('fallback_reason'),
  };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as unknown as LedgerEntry;
}

function isMissing(value: string | number | null | undefined): boolean {
  return value === null || value === undefined;
}

function label(text: string | undefined, labels: Labels): number | null {
  return text === undefined ? null : labels.store(text);
}

// Counts are integers; an invalid or absurdly large number counts as unknown.
function whole(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) || Math.abs(value) > 1e12 ? null : Math.round(value);
}
