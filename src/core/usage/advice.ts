import { decimal, type Decimal, isPositive } from '../../decimal.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { PastWorkload, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import { compareText } from '../text/compare-text.ts';
import { joinWorkloads, reprice } from './reprice.ts';
import type { UsageRow } from './usage-report.ts';

/** A change that would have saved money, as data: output/usage/advice.ts turns it into sentences. */
export interface Advice {
  /** The model that was used, by its name in the ledger. */
  model: string;
  change:
    | { kind: 'model'; to: string; because: UsedBefore | BenchmarkedAs }
    | { kind: 'provider'; to: string; tag: string; quantization: string | undefined; uptime: number | undefined }
    | { kind: 'caching'; tokens: number; conversations: number }
    | { kind: 'variant'; to: string; variant: string };
  /** Exact USD; part of `spent`. */
  saving: Decimal;
  /** Cost of the model in the period. */
  spent: Decimal;
}

/** The other model was used in the same period. */
export interface UsedBefore {
  kind: 'used';
  requests: number;
  successRate: number;
}

/** The other model is at least as high in every benchmark index that is known of the model. */
export interface BenchmarkedAs {
  kind: 'benchmarked';
  index: 'intelligence' | 'coding' | 'agentic';
  from: number;
  to: number;
}

/** A model in the ledger, with the data needed to find a cheaper one. */
export interface PastModel {
  row: Pick<UsageRow, 'group' | 'requests' | 'complete' | 'successRate' | 'cost'>;
  /** The model that the catalogue lists under this name. */
  listed: Model | undefined;
  workloads: readonly PastWorkload[];
  /** All of them as one, for models whose price depends on neither size nor time. */
  joined: readonly PastWorkload[];
  /** Tokens. */
  longestPrompt: number;
}

/** Returns the catalogue's model for a name in the ledger: an id, or the permanent slug that a reply names. */
export function listedModel(name: string, models: readonly Model[]): Model | undefined {
  const wanted = name.toLowerCase();
  const sameSlug = models.filter(({ canonicalSlug }) => canonicalSlug?.toLowerCase() === wanted);
  return (
    models.find(({ id }) => id.toLowerCase() === wanted) ??
    sameSlug.find(({ id }) => !id.includes(':') && !id.startsWith('~')) ??
    sameSlug[0]
  );
}

/** Returns the models in the ledger that cost something, most expensive first. */
export function pastModels(workloads: readonly PastWorkload[], models: readonly Model[]): PastModel[] {
  const byModel = new Map<string, PastWorkload[]>();
  for (const workload of workloads) {
    const known = byModel.get(workload.model);
    if (known === undefined) byModel.set(workload.model, [workload]);
    else known.push(workload);
  }
  return [...byModel]
    .map(([group, own]) => ({
      row: rowOf(group, own),
      listed: listedModel(group, models),
      workloads: own,
      joined: joinWorkloads(own),
      longestPrompt: Math.max(...own.map(({ longestPrompt }) => longestPrompt)),
    }))
    .filter(({ row }) => isPositive(row.cost))
    .sort(({ row: a }, { row: b }) => b.cost.cmp(a.cost) || b.requests - a.requests || compareText(a.group, b.group));
}

/** Amounts paid, in exact USD. */
export interface Spending {
  cost: Decimal;
  /** Part of the cost that was paid directly to providers, with the user's own keys. */
  upstreamCost: Decimal;
}

/** Returns the total cost of the workloads. */
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

/** Returns how much this work would have cost less with a model of these prices; undefined if it would have cost the same or more. */
export function savingWith({ row, workloads, joined }: PastModel, model: Model, cut: WorkloadCut): Decimal | undefined {
  const isFlat = model.pricing.overrides.length === 0;
  const repriced = reprice([{ from: -Infinity, model }], isFlat ? joined : workloads, cut);
  const saving = repriced.kind === 'amount' ? row.cost.minus(repriced.cost) : undefined;
  return saving !== undefined && isPositive(saving) ? saving : undefined;
}

/** Returns whether the longest past prompt fits into `limit` tokens; true if the limit is not known. */
export function holdsPrompts(limit: number | undefined, { longestPrompt }: PastModel): boolean {
  return limit === undefined || longestPrompt <= limit;
}

/** Returns whether the API routes requests to the endpoint at all. */
export function isWell({ status, uptimeLast1d }: Endpoint): boolean {
  return (status ?? 0) >= 0 && (uptimeLast1d ?? 100) > 0;
}
