import { crc32 } from 'node:zlib';
import type { StoredValue } from '../sqlite/recover/record.ts';
import type { RecoveredTables } from '../sqlite/recover/recover-tables.ts';
import type { CostParts } from '../../paid-cost.ts';
import { fromParts, isAmount, paidUnits, toParts, toUnits, unitsText } from './cost-units.ts';
import { entryOf, type EntryRow } from './entry-row.ts';
import type { LedgerEntry } from './entry.ts';
import type { Store } from './store.ts';
import { findEntry } from './write.ts';

type Values = Readonly<Record<string, StoredValue | undefined>>;

/** The last moment that Date can represent. */
const LAST_MOMENT = 8.64e15;
/** Greater than any sum of checksums. */
const ONE_INDEX = 2 ** 40;
const DAMAGED_TEXT = '\uFFFD';

/**
 * Yields the entries of a damaged ledger. The indexes repeat the time, type and cost of each entry, so they provide most of the data of a lost
 * or damaged row. `onEntry` receives the id of each row. The caller must store each yielded entry before it requests the next one.
 */
export function* recoveredEntries(
  damaged: RecoveredTables,
  store: Store,
  onEntry: (row: number, id: string) => void,
): Generator<LedgerEntry> {
  const labels = readLabels(damaged);
  const isAsIndexed = indexedRows(damaged);
  const matches = new Set<number>();
  const doubtful = new Map<number, Values>();
  let lastTime = 0;
  for (const { row = 0, values, isSound } of damaged.rows('entry')) {
    matches.add(row);
    if (!isSound || !isRight(values)) {
      doubtful.set(row, { ...values, opened_at: isMoment(values['opened_at']) ? values['opened_at'] : lastTime });
      continue;
    }
    lastTime = Number(values['opened_at']);
    // It is not known which of them is right.
    if (!isAsIndexed(row, values)) damaged.addProblem(`entry ${row} is not what its index says`);
    onEntry(row, String(values['id']));
    yield entryOf({ ...values, row } as EntryRow, labels);
  }
  for (const [row, values] of withIndexes(damaged, matches, doubtful)) {
    // Two rows with one id would become one entry.
    const id = findEntry(store, values.id) === undefined ? values.id : `${values.id}-${row}`;
    onEntry(row, id);
    yield entryOf({ ...values, row, id } as EntryRow, labels);
  }
}

/** Returns whether a row equals its data in the indexes, if all of them contain it. */
function indexedRows(damaged: RecoveredTables): (row: number, values: Values) => boolean {
  const columns: string[][] = [];
  // Number of indexes that contain the row, and the sum of their checksums.
  const known = new Map<number, number>();
  for (const index of ['entry_report', 'entry_rest', 'entry_conversation', 'sqlite_autoindex_entry_1']) {
    let names: string[] | undefined;
    for (const { row, values } of damaged.indexRows(index)) {
      names ??= Object.keys(values);
      known.set(row, (known.get(row) ?? 0) + ONE_INDEX + checksum(values, names));
    }
    if (names !== undefined) columns.push(names);
  }
  return (row, values) => {
    const sum = known.get(row) ?? 0;
    if (Math.floor(sum / ONE_INDEX) < columns.length) return true;
    return sum === columns.reduce((all, names) => all + ONE_INDEX + checksum(values, names), 0);
  };
}

/** A row that is older than one of its columns lacks it: its index has null or the default, which is 0. */
function checksum(values: Values, columns: readonly string[]): number {
  return crc32(columns.map((name) => String(values[name] ?? 0)).join('\0'));
}

function readLabels(damaged: RecoveredTables): { text: (id: number) => string } {
  const texts = new Map<number, string>();
  for (const { row, values } of damaged.indexRows('sqlite_autoindex_label_1')) texts.set(row, String(values['text']));
  for (const { row, values, isSound } of damaged.rows('label')) {
    if (row === undefined || (!isSound && texts.has(row))) continue;
    const text = String(values['text']);
    if ((texts.get(row) ?? text) !== text) damaged.addProblem(`label ${row} is not what its index says`);
    texts.set(row, text);
  }
  return { text: (id) => texts.get(id) ?? '' };
}

function isMoment(value: StoredValue | undefined): boolean {
  return typeof value === 'number' && value >= 0 && value < LAST_MOMENT;
}

/** Returns whether a row is consistent: its cost as text and as numbers must be equal. */
function isRight(values: Values): boolean {
  const { id, opened_at: openedAt } = values;
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const { nano, rest } = toParts(paidUnits({ cost: text('cost'), upstreamCost: text('upstream_cost') }));
  return (
    id !== '' &&
    isMoment(openedAt) &&
    nano === BigInt(Number(values['cost_nano'])) &&
    rest === BigInt(Number(values['cost_rest']))
  );
}

/** Yields doubtful rows with the data of the indexes, and rows that only the indexes still contain. */
function* withIndexes(
  damaged: RecoveredTables,
  match: ReadonlySet<number>,
  doubtful: ReadonlyMap<number, Values>,
): Generator<[number, Values & { id: string }]> {
  // If nothing of the table is missing, additional rows of an index are damage of the index itself.
  const isMissing = damaged.problems().length > 0;
  if (!isMissing && doubtful.size === 0) return;
  const query = new Map<number, Values>();
  for (const { row, values } of damaged.indexRows('entry_report')) {
    if (!doubtful.has(row) && (!isMissing || match.has(row))) continue;
    if (isMoment(values['opened_at'])) query.set(row, values);
  }
  const [ids, conversations] = [new Map<number, string>(), new Map<number, string>()];
  for (const [index, column, texts] of [
    ['sqlite_autoindex_entry_1', 'id', ids],
    ['entry_conversation', 'conversation', conversations],
  ] as const) {
    for (const { row, values } of damaged.indexRows(index)) {
      if (query.has(row) || doubtful.has(row)) texts.set(row, String(values[column]));
    }
  }
  for (const [row, values] of doubtful) {
    if (!query.has(row)) damaged.addProblem(`entry ${row} is damaged, and its index does not tell more`);
    yield [row, merged(row, values, query.get(row), { id: ids.get(row), conversation: conversations.get(row) })];
  }
  for (const [row, values] of query) {
    const id = ids.get(row);
    if (!doubtful.has(row) && id !== undefined)
      yield [row, merged(row, {}, values, { id, conversation: conversations.get(row) })];
  }
}

function merged(
  row: number,
  values: Values,
  known: Values | undefined,
  texts: { id: string | undefined; conversation: string | undefined },
): Values & { id: string } {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' && value !== '' && !value.includes(DAMAGED_TEXT) ? value : undefined;
  };
  const all: Values = { ...values, ...known };
  return {
    ...all,
    id: texts.id ?? text('id') ?? `recovered-${row}`,
    conversation: texts.conversation ?? text('conversation') ?? '',
    generation_id: text('generation_id'),
    expected_cost: text('expected_cost'),
    ...costsOf(all, { cost: text('cost'), upstreamCost: text('upstream_cost') }),
    // The index has one column for both: the model that answered.
    served_model: all['served_model'] ?? (all['model'] === all['requested_model'] ? null : all['model']),
  };
}

/** Returns the costs as text if it equals the numbers, otherwise the costs by the numbers. */
function costsOf(values: Values, texts: CostParts): { cost: string | undefined; upstream_cost: string | undefined } {
  const amount = (text: string | undefined): string | undefined => (isAmount(text) ? text : undefined);
  const given = { cost: amount(texts.cost), upstream_cost: amount(texts.upstreamCost) };
  if (!(Number(values['cost_source']) > 0)) return { cost: undefined, upstream_cost: undefined };
  const paid = unitsIn(values, 'cost');
  const upstream = unitsIn(values, 'upstream') ?? 0n;
  if (paid === undefined || paid < upstream) return given;
  const isSame = toUnits(given.cost) + toUnits(given.upstream_cost) === paid;
  if (given.cost !== undefined && isSame) return given;
  return { cost: unitsText(paid - upstream), upstream_cost: upstream > 0n ? unitsText(upstream) : undefined };
}

function unitsIn(values: Values, name: string): bigint | undefined {
  const [nano, rest] = [values[`${name}_nano`], values[`${name}_rest`]];
  return typeof nano === 'number' && typeof rest === 'number' && nano >= 0 && rest >= 0
    ? fromParts(BigInt(nano), BigInt(rest))
    : undefined;
}
