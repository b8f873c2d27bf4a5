import type { EntryFilter } from '../entry.ts';
import { entryConditions } from '../entry-filter.ts';
import type { Store } from '../store.ts';
import { bucketSql, type Buckets, countBuckets } from './buckets.ts';
import { sizeClass } from './facets.ts';
import type { Range } from './grid.ts';
import { addCost, type RollupCell, emptySums, SUM } from './tally.ts';

const PAGE = 20_000;
/** The columns that become the first values of a cell. */
const VALUE_COLUMNS = ['model', 'provider', 'vendor', 'command', 'project', 'profile', 'client', 'tags'];
const NO_OUTCOME = 9;
const NUMBERS = [
  'row',
  'opened_at',
  ...VALUE_COLUMNS.map((name) => `IFNULL(${name}, 0)`),
  `IFNULL(outcome, ${NO_OUTCOME})`,
  'cost_source',
  'cost_nano',
  'cost_rest',
  'upstream_nano',
  'upstream_rest',
  'IFNULL(prompt_tokens, 0)',
  'IFNULL(cached_tokens, 0)',
  'IFNULL(cache_write_tokens, 0)',
  'IFNULL(completion_tokens, 0)',
  'IFNULL(reasoning_tokens, 0)',
  bucketSql('duration_ms'),
  bucketSql('time_to_first_token_ms'),
  bucketSql('throughput'),
];
const [VALUES_AT, OUTCOME_AT] = [2, 2 + VALUE_COLUMNS.length];
const BILLION = 1e9;
const [SPACE, MINUS, ZERO] = [32, 45, 48];

interface Tally {
  values: readonly number[];
  sums: number[];
  times: [number[], number[], number[]];
}

export interface RawQuery {
  filter?: EntryFilter;
  /** Default: all entries are one group. */
  groupOf?: (openedAt: number) => number;
  /** The group whose total to add up as well. */
  totalOf?: (openedAt: number) => number;
}

export interface RawCells {
  groups: Map<number, RollupCell[]>;
  /** Cells without values, by group; empty unless requested. */
  totals: Map<number, RollupCell[]>;
}

/**
 * Sums the entries of a range, as cells of all dimensions, separately for each group of moments. SQLite hands over a page of entries as one text:
 * converting each number to a JavaScript value would take three times as long.
 */
export function readRawCells(store: Store, range: Range, { filter = {}, groupOf = () => 0, totalOf }: RawQuery = {}): RawCells {
  const groups = new Map<number, Tallies>();
  const totals = new Map<number, Tallies>();
  let current = NaN;
  let tallies = new Tallies();
  const numbers = new Float64Array(NUMBERS.length);
  let last: [number, number] | undefined;
  for (;;) {
    const page = readPage(store, range, filter, last);
    if (page === undefined) break;
    const { text } = page;
    let at = 0;
    for (let entry = 0; entry < page.count; entry += 1) {
      let [valuesFrom, valuesTo] = [0, 0];
      for (let index = 0; index < numbers.length; index += 1) {
        if (index === VALUES_AT) valuesFrom = at;
        else if (index === OUTCOME_AT) valuesTo = at - 1;
        const isNegative = text.charCodeAt(at) === MINUS;
        if (isNegative) at += 1;
        let value = 0;
        for (let code = text.charCodeAt(at); code >= ZERO; code = text.charCodeAt(++at)) value = value * 10 + code - ZERO;
        numbers[index] = isNegative ? -value : value;
        if (text.charCodeAt(at) === SPACE) at += 1;
      }
      const group = groupOf(numbers[1]!);
      if (group !== current) {
        tallies = talliesOf(groups, group);
        current = group;
      }
      if (totalOf !== undefined) addEntry(talliesOf(totals, totalOf(numbers[1]!)).total(), numbers);
      addEntry(tallies.tally(text.slice(valuesFrom, valuesTo), sizeClass(numbers[OUTCOME_AT + 6]!), numbers), numbers);
    }
    last = [numbers[1]!, numbers[0]!];
    if (page.count < PAGE) break;
  }
  const cellsOf = (all: Map<number, Tallies>): Map<number, RollupCell[]> =>
    new Map([...all].map(([group, its]) => [group, its.cells()]));
  return { groups: cellsOf(groups), totals: cellsOf(totals) };
}

function talliesOf(groups: Map<number, Tallies>, group: number): Tallies {
  let tallies = groups.get(group);
  if (tallies === undefined) groups.set(group, (tallies = new Tallies()));
  return tallies;
}

function readPage(
  store: Store,
  { start, end }: Range,
  filter: EntryFilter,
  last: readonly [number, number] | undefined,
): { text: string; count: number } | undefined {
  const isNext = last === undefined ? [] : ['(opened_at, row) > (?, ?)'];
  const { where, values, index } = entryConditions(store, { ...filter, since: last?.[0] ?? start, until: end }, isNext);
  const page = store.sql.first<{ text: string | null; count: number }>(
    `SELECT group_concat(line, ' ') text, COUNT(*) count FROM (
       SELECT concat_ws(' ', ${NUMBERS.join(', ')}) line
       FROM entry INDEXED BY ${index === 'entry_report' ? 'entry_time' : index}
       WHERE ${where} ORDER BY opened_at, row LIMIT ${PAGE}
     )`,
    [...values, ...(last ?? [])],
  );
  return page === undefined || page.text === null ? undefined : { text: page.text, count: page.count };
}

class Tallies {
  readonly #tallies = new Map<string, Tally[]>();

  tally(key: string, size: number, numbers: Float64Array): Tally {
    let sizes = this.#tallies.get(key);
    if (sizes === undefined) this.#tallies.set(key, (sizes = []));
    return (sizes[size] ??= {
      values: [...numbers.subarray(VALUES_AT, OUTCOME_AT), size],
      sums: emptySums(),
      times: [[], [], []],
    });
  }

  total(): Tally {
    const [known] = this.#tallies.get('') ?? [];
    if (known !== undefined) return known;
    const tally: Tally = { values: [], sums: emptySums(), times: [[], [], []] };
    this.#tallies.set('', [tally]);
    return tally;
  }

  cells(): RollupCell[] {
    return [...this.#tallies.values()].flatMap((sizes) =>
      Object.values(sizes).map(({ values, sums, times }) => ({ values, sums, times: times.map(countBuckets) as Buckets[] })),
    );
  }
}

function addEntry({ sums, times }: Tally, numbers: Float64Array): void {
  const outcome = numbers[OUTCOME_AT]!;
  const source = numbers[OUTCOME_AT + 1]!;
  sums[SUM.requests]! += 1;
  if (outcome === NO_OUTCOME) sums[SUM.open]! += 1;
  else {
    if (outcome === 0) sums[SUM.complete]! += 1;
    else if (outcome === 1) sums[SUM.stopped]! += 1;
    if (source === 0) sums[SUM.unknown]! += 1;
    if (numbers[1]! < sums[SUM.first]!) sums[SUM.first] = numbers[1]!;
  }
  if (source === 1) sums[SUM.estimated]! += 1;
  else if (source === 4) sums[SUM.computed]! += 1;
  const at = OUTCOME_AT + 2;
  addNano(sums, SUM.usd, numbers[at]!, numbers[at + 1]!);
  if (numbers[at + 2] !== 0 || numbers[at + 3] !== 0) addNano(sums, SUM.upstreamUsd, numbers[at + 2]!, numbers[at + 3]!);
  const tokens = at + 4;
  for (let index = 0; index < 5; index += 1) sums[SUM.prompt + index]! += numbers[tokens + index]!;
  if (outcome !== NO_OUTCOME && numbers[tokens]! > sums[SUM.longest]!) sums[SUM.longest] = numbers[tokens]!;
  if (outcome !== 0) return;
  for (let kind = 0; kind < 3; kind += 1) {
    const bucket = numbers[tokens + 5 + kind]!;
    if (bucket > 0) times[kind]!.push(bucket);
  }
}

function addNano(sums: number[], place: number, nano: number, rest: number): void {
  const usd = Math.floor(nano / BILLION);
  addCost(sums, place, usd, nano - usd * BILLION, rest);
}
