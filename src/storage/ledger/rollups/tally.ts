import type { Sums } from '../reports/report.ts';
import { fromParts, unitsText } from '../cost-units.ts';
import { joinTimes, type Times } from './times.ts';

/** The places of the sums of a cell. */
export const SUM = {
  requests: 0,
  /** In progress. */
  open: 1,
  complete: 2,
  stopped: 3,
  prompt: 4,
  cached: 5,
  written: 6,
  completion: 7,
  reasoning: 8,
  estimated: 9,
  computed: 10,
  unknown: 11,
  /** Whole USD, billionths of it, and billionths of those: no sum of them leaves the exact integers. */
  usd: 12,
  nano: 13,
  rest: 14,
  upstreamUsd: 15,
  upstreamNano: 16,
  upstreamRest: 17,
  /** Tokens of the longest prompt. */
  longest: 18,
  /** When the first ended request was opened; Infinity for none. */
  first: 19,
} as const;
export const SUM_COUNT = 20;
/** Sums from here on are not added. */
const FIRST_COST = SUM.usd;
const BILLION = 1e9;

/** Sums over the entries that have the same values of some dimensions. */
export interface RollupCell {
  /** The values of its facet's dimensions. */
  values: readonly number[];
  sums: number[];
  /** Duration, time to first token and throughput of the complete requests. Undefined if they were not read. */
  times: Times | undefined;
}

export function emptySums(): number[] {
  // A literal with a fraction is an array of plain doubles: a typed array of this size would take longer to create.
  return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Infinity];
}

/** Adds the second sums to the first ones. */
export function addSums(to: number[], from: readonly number[]): void {
  for (let place = 0; place < FIRST_COST; place += 1) to[place]! += from[place]!;
  addCost(to, SUM.usd, from[SUM.usd]!, from[SUM.nano]!, from[SUM.rest]!);
  addCost(to, SUM.upstreamUsd, from[SUM.upstreamUsd]!, from[SUM.upstreamNano]!, from[SUM.upstreamRest]!);
  if (from[SUM.longest]! > to[SUM.longest]!) to[SUM.longest] = from[SUM.longest]!;
  if (from[SUM.first]! < to[SUM.first]!) to[SUM.first] = from[SUM.first]!;
}

/** Adds an amount to the three sums that begin at `place`, and carries what exceeds a billion. */
export function addCost(to: number[], place: number, usd: number, nano: number, rest: number): void {
  const rests = to[place + 2]! + rest;
  const nanos = to[place + 1]! + nano + Math.floor(rests / BILLION);
  to[place + 2] = rests - Math.floor(rests / BILLION) * BILLION;
  to[place + 1] = nanos - Math.floor(nanos / BILLION) * BILLION;
  to[place] = to[place]! + usd + Math.floor(nanos / BILLION);
}

/** Collects cells, and adds those with the same key. */
export class Cells<Key extends string | number> {
  readonly #cells = new Map<Key, { cell: RollupCell; times: Times[] }>();

  add(key: Key, { values, sums, times }: RollupCell, own: () => readonly number[] = () => values): void {
    let known = this.#cells.get(key);
    if (known === undefined) {
      known = { cell: { values: own(), sums: emptySums(), times: undefined }, times: [] };
      this.#cells.set(key, known);
    }
    addSums(known.cell.sums, sums);
    if (times !== undefined) known.times.push(times);
  }

  all(): RollupCell[] {
    return Array.from(this.#cells.values(), ({ cell, times }) => ({ ...cell, times: joinTimes(times) }));
  }

  /** Returns the sums with their keys. */
  *entries(): Generator<[Key, RollupCell]> {
    for (const [key, { cell, times }] of this.#cells) yield [key, { ...cell, times: joinTimes(times) }];
  }
}

export function cellSums(sums: readonly number[]): Sums {
  const at = (name: keyof typeof SUM): number => sums[SUM[name]]!;
  return {
    requests: at('requests'),
    complete: at('complete'),
    stopped: at('stopped'),
    failed: failedIn(sums),
    promptTokens: at('prompt'),
    cachedTokens: at('cached'),
    cacheWriteTokens: at('written'),
    completionTokens: at('completion'),
    reasoningTokens: at('reasoning'),
    cost: amountAt(sums, SUM.usd),
    upstreamCost: amountAt(sums, SUM.upstreamUsd),
    estimated: at('estimated'),
    computed: at('computed'),
    unknown: at('unknown'),
  };
}

export function failedIn(sums: readonly number[]): number {
  return sums[SUM.requests]! - sums[SUM.open]! - sums[SUM.complete]! - sums[SUM.stopped]!;
}

/** Returns the amount in USD whose three sums begin at `place`. */
export function amountAt(sums: readonly number[], place: number): string {
  return unitsText(fromParts(BigInt(sums[place]!) * BigInt(BILLION) + BigInt(sums[place + 1]!), BigInt(sums[place + 2]!)));
}
