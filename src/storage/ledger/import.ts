import { usageError } from '../../errors.ts';
import { renewTotals } from './budgets/totals.ts';
import { isAmount } from './cost-units.ts';
import { entryValues, INSERT_ENTRY, insertEntries, isCostSource, isOutcome } from './entry-row.ts';
import type { EntryResult, LedgerEntry } from './entry.ts';
import { soundTags, vendorIn } from './labeling.ts';
import { forgetRollups } from './rollups/stored-spans.ts';
import type { SqlValue } from '../sqlite/sql.ts';
import type { Store } from './store.ts';
import { replaceCost } from './write.ts';

const IF_NEW = 'ON CONFLICT (id) DO NOTHING';
/** Entries that one statement adds. */
const BATCH = 64;

/**
 * Adds entries that do not exist yet, and updates existing ones if the new cost source is better. Throws kind `usage` for an entry without an id
 * or a time, without adding any.
 */
export function importEntries(store: Store, entries: Iterable<LedgerEntry>): { added: number; known: number } {
  const counts = withEmptyLedger(store, () => addEntries(store, entries));
  if (counts.added > 0) renewTotals(store);
  return counts;
}

interface NewEntry {
  entry: LedgerEntry;
  values: SqlValue[];
}

function addEntries(store: Store, entries: Iterable<LedgerEntry>): { added: number; known: number } {
  let added = 0;
  let line = 0;
  let batch: NewEntry[] = [];
  for (const given of entries) {
    line += 1;
    const entry = soundEntry(given, line);
    batch.push({ entry, values: entryValues(entry, store.labels) });
    if (batch.length < BATCH) continue;
    added += addBatch(store, batch);
    batch = [];
  }
  for (const one of batch) added += addOne(store, one);
  return { added, known: line - added };
}

/** Adds the new entries of a batch in one statement. Returns how many are new. */
function addBatch(store: Store, batch: readonly NewEntry[]): number {
  const insert = insertEntries(
    batch.map(({ values }) => values),
    IF_NEW,
  );
  const added = store.sql.run(insert.sql, insert.values);
  // An entry that has just been added has no worse cost than itself.
  if (added < batch.length) for (const { entry } of batch) improveCost(store, entry);
  return added;
}

function addOne(store: Store, { entry, values }: NewEntry): number {
  const added = store.sql.run(`${INSERT_ENTRY} ${IF_NEW}`, values);
  if (added === 0) improveCost(store, entry);
  return added;
}

function improveCost(store: Store, entry: LedgerEntry): void {
  if (entry.state === 'settled') replaceCost(store, entry.id, { ...entry, ...resultOf(entry) });
}

/** Rows that are close to their copies in these indexes can be recovered if the end of the file is lost. */
const BESIDE_ROWS: ReadonlySet<string> = new Set(['entry_report', 'entry_conversation']);

/**
 * Creates most indexes of an empty ledger after the rows: sorting many entries at once takes a fraction of the time of indexing them row by row.
 * Its triggers, which compare each entry with the rollups, are absent meanwhile, and no rollup is left afterwards. All of it is one transaction.
 */
function withEmptyLedger<T>(store: Store, work: () => T): T {
  const { sql } = store;
  if (sql.all('SELECT 1 FROM entry LIMIT 1').length > 0) return work();
  const parts = sql
    .all<{ type: string; name: string; sql: string }>(
      `SELECT CAST(type AS TEXT) type, CAST(name AS TEXT) name, CAST(sql AS TEXT) sql FROM sqlite_schema
       WHERE type IN ('index', 'trigger') AND tbl_name = 'entry' AND sql IS NOT NULL ORDER BY rowid`,
    )
    .filter(({ name }) => !BESIDE_ROWS.has(name));
  for (const { type, name } of parts) sql.run(`DROP ${type} ${name}`);
  const result = work();
  for (const part of parts) sql.run(part.sql);
  forgetRollups(store);
  return result;
}

// Files may be written by hand or by newer versions: fields of the wrong type are omitted.
function soundEntry(given: LedgerEntry, line: number): LedgerEntry {
  // Each field by its name: reading fields by computed names takes several times as long, for a million entries.
  const fields: Unsure<LedgerEntry> = typeof given === 'object' && given !== null ? given : {};
  const { id, openedAt } = fields;
  if (typeof id !== 'string' || id === '') throw refused(line, 'no `id`');
  if (typeof openedAt !== 'number' || !(openedAt >= 0 && openedAt < 8.64e15))
    throw refused(line, 'no `openedAt` in milliseconds');
  const isSettled = fields.state !== 'open';
  const cost = isSettled ? amount(fields.cost) : undefined;
  const source = isCostSource(fields.costSource) ? fields.costSource : 'unknown';
  const requestedModel = text(fields.requestedModel);
  // A literal without spreads, which would take several times as long. An open entry has neither outcome nor attempts.
  const entry: { [Name in keyof LedgerEntry]: LedgerEntry[Name] | undefined } = {
    id,
    openedAt,
    command: text(fields.command) ?? '',
    conversation: text(fields.conversation) ?? '',
    turn: text(fields.turn),
    profile: text(fields.profile) ?? '',
    project: text(fields.project) ?? '',
    api: text(fields.api) ?? '',
    requestedModel: requestedModel ?? text(fields.servedModel) ?? '',
    family: text(fields.family) ?? '',
    template: text(fields.template),
    estimatedPromptTokens: number(fields.estimatedPromptTokens) ?? 0,
    estimatedExtraTokens: number(fields.estimatedExtraTokens),
    expectedCost: amount(fields.expectedCost),
    vendor: text(fields.vendor) ?? vendorIn(requestedModel ?? ''),
    clientKey: text(fields.clientKey),
    tags: soundTags(fields.tags),
    state: isSettled ? 'settled' : 'open',
    outcome: !isSettled ? undefined : isOutcome(fields.outcome) ? fields.outcome : 'lost',
    servedModel: text(fields.servedModel),
    provider: text(fields.provider),
    generationId: text(fields.generationId),
    promptTokens: number(fields.promptTokens),
    cachedTokens: number(fields.cachedTokens),
    cacheWriteTokens: number(fields.cacheWriteTokens),
    completionTokens: number(fields.completionTokens),
    reasoningTokens: number(fields.reasoningTokens),
    cost: source === 'unknown' ? undefined : cost,
    costSource: cost === undefined ? 'unknown' : source,
    isByok: typeof fields.isByok === 'boolean' ? fields.isByok : undefined,
    upstreamCost: fields.isByok === true && cost !== undefined ? amount(fields.upstreamCost) : undefined,
    timeToFirstTokenMs: number(fields.timeToFirstTokenMs),
    durationMs: number(fields.durationMs),
    throughput: number(fields.throughput),
    finishReason: text(fields.finishReason),
    attempts: isSettled ? (number(fields.attempts) ?? 1) : undefined,
    errorKind: text(fields.errorKind),
    fallbackFrom: text(fields.fallbackFrom),
    fallbackReason: text(fields.fallbackReason),
  };
  return entry as LedgerEntry;
}

/** Values that nobody has checked yet. */
type Unsure<T> = { readonly [Name in keyof T]?: unknown };

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function amount(value: unknown): string | undefined {
  const found = text(value);
  return isAmount(found) ? found : undefined;
}

function resultOf({
  outcome = 'lost',
  attempts = 1,
  costSource,
}: LedgerEntry): Pick<EntryResult, 'outcome' | 'attempts' | 'costSource'> {
  return { outcome, attempts, costSource };
}

function refused(line: number, what: string): Error {
  return usageError(`entry ${line} has ${what}; nothing was imported`, 'use a file written by: orx ledger export');
}
