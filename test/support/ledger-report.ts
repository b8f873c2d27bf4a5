import { decimal, decimalText } from '../../src/decimal.ts';
import type { LedgerEntry } from '../../src/storage/ledger/entry.ts';
import type {
  PastTurn,
  PastWorkload,
  Distribution,
  PeriodOf,
  Report,
  ReportDimension,
  Sums,
  TimeDistributions,
  WorkloadCut,
} from '../../src/storage/ledger/reports/report.ts';
import { localDay } from '../../src/core/time/periods.ts';

const DEFAULTS = {
  command: 'chat',
  conversation: 'c1',
  profile: 'default',
  project: '/srv/ada/work',
  api: 'sandbox',
  requestedModel: 'deepseek/deepseek-chat',
  family: 'deepseek',
  vendor: 'openrouter',
  estimatedPromptTokens: 0,
  state: 'settled',
  outcome: 'complete',
  costSource: 'billed',
  attempts: 1,
} as const;

let count = 0;

/** Returns a settled entry, complete and billed by default. */
export function makeEntry(openedAt: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  count += 1;
  const model = more.servedModel ?? more.requestedModel ?? DEFAULTS.requestedModel;
  return { ...DEFAULTS, id: `entry-${String(count).padStart(8, '0')}`, openedAt, servedModel: model, ...more };
}

/** Returns the distribution of these values. */
export function distributionOf(all: readonly (number | undefined)[]): Distribution {
  const known = all.filter((value) => value !== undefined);
  const values = [...new Set(known)].toSorted((one, other) => one - other);
  return { values, counts: values.map((value) => known.filter((one) => one === value).length) };
}

/** Returns the times of the complete ones among these entries. */
export function timesOf(entries: readonly LedgerEntry[]): TimeDistributions {
  const complete = entries.filter(({ outcome }) => outcome === 'complete');
  return {
    durationMs: distributionOf(complete.map(({ durationMs }) => durationMs)),
    timeToFirstTokenMs: distributionOf(complete.map(({ timeToFirstTokenMs }) => timeToFirstTokenMs)),
    throughput: distributionOf(complete.map(({ throughput }) => throughput)),
  };
}

/** Computes the ledger's report for these entries in the slow and simple way. */
export function reportOf(entries: readonly LedgerEntry[], by: ReportDimension | PeriodOf): Report {
  const dayOf = ({ openedAt }: LedgerEntry): number => localDay(openedAt);
  const groups = typeof by === 'function' ? groupBy(entries, (entry) => by(dayOf(entry))) : groupsOf(entries, by);
  return {
    total: sumOf(entries),
    days: [...groupBy(entries, dayOf)]
      .map(([day, its]) => ({ day, requests: its.length, cost: sumOf(its).cost }))
      .sort((a, b) => a.day - b.day),
    groups: [...groups].map(([group, its]) => ({ group, ...sumOf(its), times: timesOf(its) })),
    models: [...groupBy(entries, (entry) => valueOf(entry, 'model'))].map(([group, its]) => {
      const { requests, complete, failed, cost } = sumOf(its);
      return { group, requests, complete, failed, cost, times: timesOf(its) };
    }),
    times: timesOf(entries),
    timesError: 0,
  };
}

/** Computes the workloads of settled entries, cut as prices require. */
export function workloadsOf(entries: readonly LedgerEntry[], cut: WorkloadCut, byModel = true): PastWorkload[] {
  const pieceOf = (entry: LedgerEntry): string => {
    const time = new Date(entry.openedAt);
    const minute = time.getUTCHours() * 60 + time.getUTCMinutes();
    return JSON.stringify([
      tierOf(entry, cut),
      cut.minutes.filter((one) => one <= minute).length,
      cut.isByWeekday ? time.getUTCDay() : 0,
      cut.moments.filter((moment) => moment <= entry.openedAt).length,
      byModel ? valueOf(entry, 'model') : '',
    ]);
  };
  return [...groupBy(entries, pieceOf).values()].map((its): PastWorkload => {
    const { stopped: _s, estimated: _e, computed: _c, unknown: _u, ...sums } = its.reduce(addEntry, NOTHING);
    return {
      ...sums,
      at: Math.min(...its.map(({ openedAt }) => openedAt)),
      tier: tierOf(its[0]!, cut),
      model: byModel ? valueOf(its[0]!, 'model') : '',
      longestPrompt: Math.max(...its.map(({ promptTokens = 0 }) => promptTokens)),
    };
  });
}

export function turnsOf(entries: readonly LedgerEntry[]): PastTurn[] {
  return entries.map((entry) => ({
    at: entry.openedAt,
    model: valueOf(entry, 'model'),
    conversation: entry.conversation,
    promptTokens: entry.promptTokens ?? 0,
    cachedTokens: entry.cachedTokens ?? 0,
    completionTokens: entry.completionTokens ?? 0,
  }));
}

function tierOf({ promptTokens = 0 }: LedgerEntry, { sizes }: WorkloadCut): number {
  return sizes.filter((size) => promptTokens > size).length;
}

/** Returns the sums of these entries. */
export function sumOf(entries: readonly LedgerEntry[]): Sums {
  return entries.reduce(addEntry, NOTHING);
}

function groupBy<Key>(entries: readonly LedgerEntry[], keyOf: (entry: LedgerEntry) => Key): Map<Key, LedgerEntry[]> {
  const groups = new Map<Key, LedgerEntry[]>();
  for (const entry of entries) groups.set(keyOf(entry), [...(groups.get(keyOf(entry)) ?? []), entry]);
  return groups;
}

const NOTHING: Sums = {
  requests: 0,
  complete: 0,
  stopped: 0,
  failed: 0,
  promptTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  cost: '0',
  upstreamCost: '0',
  estimated: 0,
  computed: 0,
  unknown: 0,
};

function addEntry(sums: Sums, entry: LedgerEntry): Sums {
  const one = (isSo: boolean): number => (isSo ? 1 : 0);
  return {
    requests: sums.requests + 1,
    complete: sums.complete + one(entry.outcome === 'complete'),
    stopped: sums.stopped + one(entry.outcome === 'stopped'),
    failed: sums.failed + one(entry.outcome === 'failed' || entry.outcome === 'lost'),
    promptTokens: sums.promptTokens + (entry.promptTokens ?? 0),
    cachedTokens: sums.cachedTokens + (entry.cachedTokens ?? 0),
    cacheWriteTokens: sums.cacheWriteTokens + (entry.cacheWriteTokens ?? 0),
    completionTokens: sums.completionTokens + (entry.completionTokens ?? 0),
    reasoningTokens: sums.reasoningTokens + (entry.reasoningTokens ?? 0),
    cost: decimalText(
      decimal(sums.cost)
        .plus(entry.cost ?? 0)
        .plus(entry.upstreamCost ?? 0),
    ),
    upstreamCost: decimalText(decimal(sums.upstreamCost).plus(entry.upstreamCost ?? 0)),
    estimated: sums.estimated + one(entry.costSource === 'estimated'),
    computed: sums.computed + one(entry.costSource === 'computed'),
    unknown: sums.unknown + one(entry.costSource === 'unknown'),
  };
}

/** An entry counts for each of its tags. */
function groupsOf(entries: readonly LedgerEntry[], by: ReportDimension): Map<string, LedgerEntry[]> {
  const groups = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    for (const value of valuesOf(entry, by)) groups.set(value, [...(groups.get(value) ?? []), entry]);
  }
  return groups;
}

function valuesOf(entry: LedgerEntry, by: ReportDimension): readonly string[] {
  return by === 'tag' ? (entry.tags ?? ['']) : [valueOf(entry, by)];
}

function valueOf(entry: LedgerEntry, by: Exclude<ReportDimension, 'tag'>): string {
  if (by === 'model') return entry.servedModel ?? entry.requestedModel;
  if (by === 'key') return entry.clientKey ?? '';
  return entry[by] ?? '';
}
