import { decimal, type Decimal } from '../../decimal.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { PastWorkload, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import { compareText } from '../text/compare-text.ts';
import { joinWorkloads, reprice } from './reprice.ts';
import type { UsageRow } from './usage-report.ts';

/** A change that would have saved money, told as facts: output/advice-text.ts makes sentences of them. */
export interface Advice {
  /** The model that was used, as the ledger names it. */
  model: string;
  change:
    | { kind: 'model'; to: string; because: UsedBefore | BenchmarkedAs }
    | { kind: 'provider'; to: string; tag: string; quantization: string | undefined; uptime: number | undefined }
    | { kind: 'caching'; tokens: number; conversations: number }
    | { kind: 'variant'; to: string; variant: string };
  /** Of what was paid for the model; USD, exact. */
  saving: Decimal;
  /** What was paid for the model. */
  spent: Decimal;
}

/** The other model did work of the same period. */
export interface UsedBefore {
  kind: 'used';
  requests: number;
  successRate: number;
}

/** Each index that is known of the model is at least as high of the other. */
export interface BenchmarkedAs {
  kind: 'benchmarked';
  index: 'intelligence' | 'coding' | 'agentic';
  from: number;
  to: number;
}

/** A model of the past, with what is needed to look for something cheaper. */
export interface PastModel {
  row: Pick<UsageRow, 'group' | 'requests' | 'complete' | 'successRate' | 'cost'>;
  /** What the catalogue lists under its name. */
  listed: Model | undefined;
  workloads: readonly PastWorkload[];
}

/** The catalogue's model of a name in the ledger: an id, or the permanent slug that an answer names. */
export function listedModel(name: string, models: readonly Model[]): Model | undefined {
  const wanted = name.toLowerCase();
  const sameSlug = models.filter(({ canonicalSlug }) => canonicalSlug?.toLowerCase() === wanted);
  return (
    models.find(({ id }) => id.toLowerCase() === wanted) ??
    sameSlug.find(({ id }) => !id.includes(':') && !id.startsWith('~')) ??
    sameSlug[0]
  );
}

/** The models of the past that cost something, most expensive first. */
export function pastModels(workloads: readonly PastWorkload[], models: readonly Model[]): PastModel[] {
  const byModel = new Map<string, PastWorkload[]>();
  for (const workload of workloads) {
    const known = byModel.get(workload.model);
    if (known === undefined) byModel.set(workload.model, [workload]);
    else known.push(workload);
  }
  return [...byModel]
    .map(([group, own]) => ({ row: rowOf(group, own), listed: listedModel(group, models), workloads: own }))
    .filter(({ row }) => row.cost.gt(0))
    .sort(({ row: a }, { row: b }) => b.cost.cmp(a.cost) || b.requests - a.requests || compareText(a.group, b.group));
}

/** What was paid; USD, exact. */
export interface Spending {
  cost: Decimal;
  /** Part of it that was paid to providers, with keys of the user. */
  upstreamCost: Decimal;
}

/** What was paid for all of it. */
export function spendingOn(workloads: readonly PastWorkload[]): Spending {
  const sum = (key: 'cost' | 'upstreamCost'): Decimal => workloads.reduce((total, one) => total.plus(one[key]), decimal(0));
  return { cost: sum('cost'), upstreamCost: sum('upstreamCost') };
}

function rowOf(group: string, workloads: readonly PastWorkload[]): PastModel['row'] {
  const sum = (key: 'requests' | 'complete' | 'failed'): number => workloads.reduce((total, one) => total + one[key], 0);
  const [complete, failed] = [sum('complete'), sum('failed')];
  const successRate = complete + failed === 0 ? undefined : complete / (complete + failed);
  return { group, requests: sum('requests'), complete, successRate, cost: spendingOn(workloads).cost };
}

/** What would not have been paid for this work with a model listed like that; undefined when it would have cost as much or more. */
export function savingWith({ row, workloads }: PastModel, model: Model, cut: WorkloadCut): Decimal | undefined {
  const isFlat = model.pricing.overrides.length === 0;
  const repriced = reprice([{ from: -Infinity, model }], isFlat ? joinWorkloads(workloads) : workloads, cut);
  const saving = repriced.kind === 'amount' ? row.cost.minus(repriced.cost) : undefined;
  return saving?.gt(0) === true ? saving : undefined;
}

/** Whether prompts as long as these fit: `limit` in tokens, unknown ones are taken to be long enough. */
export function holdsPrompts(limit: number | undefined, { workloads }: PastModel): boolean {
  return limit === undefined || workloads.every(({ longestPrompt }) => longestPrompt <= limit);
}

/** Whether the API hands requests to it at all. */
export function isWell({ status, uptimeLast1d }: Endpoint): boolean {
  return (status ?? 0) >= 0 && (uptimeLast1d ?? 100) > 0;
}
