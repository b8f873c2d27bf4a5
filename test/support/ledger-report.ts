import { decimal, decimalText } from '../../src/decimal.ts';
import type {
  LedgerEntry,
  PastWorkload,
  Report,
  ReportCell,
  ReportDimension,
  SpeedSample,
  Sums,
} from '../../src/storage/ledger/ledger.ts';
import { localDay } from '../../src/core/periods.ts';

const DEFAULTS = {
  command: 'chat',
  conversation: 'c1',
  profile: 'default',
  project: '/home/me/work',
  api: 'sandbox',
  requestedModel: 'deepseek/deepseek-chat',
  family: 'deepseek',
  estimatedPromptTokens: 0,
  state: 'settled',
  outcome: 'complete',
  costSource: 'billed',
  attempts: 1,
} as const;

let count = 0;

/** A settled entry, complete and billed unless said otherwise. */
export function makeEntry(openedAt: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  count += 1;
  const model = more.servedModel ?? more.requestedModel ?? DEFAULTS.requestedModel;
  return { ...DEFAULTS, id: `entry-${String(count).padStart(8, '0')}`, openedAt, servedModel: model, ...more };
}

/** What a ledger says of these entries, added up the slow and simple way. */
export function reportOf(entries: readonly LedgerEntry[], by: ReportDimension | undefined): Report {
  const cells = new Map<string, ReportCell>();
  const speeds: SpeedSample[] = [];
  for (const entry of entries) {
    const group = by === undefined ? '' : valueOf(entry, by);
    const day = localDay(entry.openedAt);
    const key = `${day} ${group}`;
    cells.set(key, { ...addEntry(cells.get(key) ?? NOTHING, entry), day, group });
    if (entry.outcome !== 'complete') continue;
    const { timeToFirstTokenMs, durationMs, throughput } = entry;
    speeds.push({ at: entry.openedAt, group, timeToFirstTokenMs, durationMs, throughput });
  }
  return { cells: [...cells.values()].sort((a, b) => a.day - b.day), speeds, sampledEvery: 1 };
}

export function workloadsOf(
  entries: readonly LedgerEntry[],
  { stretchMs, sizes }: { stretchMs: number; sizes: readonly number[] },
): PastWorkload[] {
  const found = new Map<string, PastWorkload>();
  for (const entry of entries) {
    const at = Math.floor(entry.openedAt / stretchMs) * stretchMs;
    const tier = sizes.filter((size) => (entry.promptTokens ?? 0) > size).length;
    const model = valueOf(entry, 'model');
    const key = `${at} ${tier} ${model}`;
    const { requests, promptTokens, cachedTokens, cacheWriteTokens, completionTokens, reasoningTokens, cost } = addEntry(
      (found.get(key) as unknown as Sums) ?? NOTHING,
      entry,
    );
    const tokens = { promptTokens, cachedTokens, cacheWriteTokens, completionTokens, reasoningTokens };
    found.set(key, { at, tier, model, requests, ...tokens, cost });
  }
  return [...found.values()];
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
  estimated: 0,
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
    cost: decimalText(decimal(sums.cost).plus(entry.cost ?? 0)),
    estimated: sums.estimated + one(entry.costSource === 'estimated'),
    unknown: sums.unknown + one(entry.costSource === 'unknown'),
  };
}

function valueOf(entry: LedgerEntry, by: ReportDimension): string {
  if (by === 'model') return entry.servedModel ?? entry.requestedModel;
  return entry[by] ?? '';
}
