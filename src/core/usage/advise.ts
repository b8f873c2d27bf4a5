import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { WorkloadCut } from '../../storage/ledger/reports/report.ts';
import { isFree, priceKind } from '../price/kind.ts';
import { isSameModel } from '../model-id/served-model.ts';
import { type Advice, type BenchmarkedAs, holdsPrompts, isWell, type PastModel, savingWith, type UsedBefore } from './advice.ts';

const INDICES = ['intelligence', 'coding', 'agentic'] as const;
/** Fewer answers say too little about a model's success rate. */
const LEAST_ANSWERS = 5;
/** Variants that are the same model on other terms. */
const VARIANTS: ReadonlySet<string> = new Set(['free', 'floor', 'flex', 'batch']);

export interface AdviseInput {
  /** Most expensive first. */
  past: readonly PastModel[];
  models: readonly Model[];
  /** Endpoints of the past models by their name in the ledger, without those that could not be fetched. */
  endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** Providers of recent answers, by the same names. */
  providers: ReadonlyMap<string, ReadonlySet<string>>;
  cut: WorkloadCut;
}

interface Search {
  candidates: readonly Model[];
  /** Past use by the id of the listed model. */
  used: ReadonlyMap<string | undefined, PastModel['row']>;
  cut: WorkloadCut;
}

/**
 * Suggests another model, provider or variant for each past model, with the amount that it would have saved, greatest saving first. Savings on
 * the same model exclude each other.
 */
export function adviseChanges(input: AdviseInput): Advice[] {
  const used = new Map<string | undefined, PastModel['row']>();
  for (const { listed, row } of input.past) if (!used.has(listed?.id)) used.set(listed?.id, row);
  const search = { candidates: input.models.filter(isCandidate), used, cut: input.cut };
  const all = input.past.flatMap((past) => [
    ...otherModels(past, search),
    ...otherProvider(past, input),
    ...variants(past, input),
  ]);
  return sortAdvice(all);
}

export function sortAdvice(advice: readonly Advice[]): Advice[] {
  return advice.toSorted((a, b) => b.saving.cmp(a.saving));
}

/** Returns the cheapest model that was used successfully, and the cheapest with benchmarks at least as high. */
function otherModels(past: PastModel, { candidates, used, cut }: Search): Advice[] {
  const best = (reasonOf: (model: Model) => UsedBefore | BenchmarkedAs | undefined): Advice[] => {
    let found: Advice | undefined;
    for (const model of candidates) {
      if (!holdsPrompts(model.contextLength, past)) continue;
      const because = reasonOf(model);
      const saving = because === undefined ? undefined : savingWith(past, model, cut);
      if (because === undefined || saving === undefined || found?.saving.gte(saving) === true) continue;
      // Comparing names takes the most time, so it comes last.
      if (isSame(model, past)) continue;
      found = { model: past.row.group, change: { kind: 'model', to: model.id, because }, saving, spent: past.row.cost };
    }
    return found === undefined ? [] : [found];
  };
  const known = best((model) => usedBefore(used.get(model.id), past));
  const benchmarked = best((model) => benchmarkedAs(model, past.listed));
  return [...known, ...benchmarked.filter((one) => !known.some((other) => isSameChange(one, other)))];
}

/** Returns whether a model can replace others: it has a price per token, writes text, and is no variant or alias. */
function isCandidate(model: Model): boolean {
  if (model.id.includes(':') || model.id.startsWith('~') || priceKind(model) !== 'per-token') return false;
  return model.outputModalities.length === 0 || model.outputModalities.includes('text');
}

function isSame(model: Model, { row, listed }: PastModel): boolean {
  return model.id === listed?.id || isSameModel(model.id, row.group, [model]);
}

function isSameChange(a: Advice, b: Advice): boolean {
  return a.change.kind === 'model' && b.change.kind === 'model' && a.change.to === b.change.to;
}

/** Returns the other model's past use if it has enough answers and at least the same success rate. */
function usedBefore(other: PastModel['row'] | undefined, { row }: PastModel): UsedBefore | undefined {
  if (other?.successRate === undefined || other.complete < LEAST_ANSWERS) return undefined;
  if (other.successRate < (row.successRate ?? 0)) return undefined;
  return { kind: 'used', requests: other.requests, successRate: other.successRate };
}

function benchmarkedAs(model: Model, listed: Model | undefined): BenchmarkedAs | undefined {
  const [own, other] = [listed?.benchmarks ?? {}, model.benchmarks ?? {}];
  const known = INDICES.filter((index) => own[index] !== undefined);
  const [index] = known;
  if (index === undefined || !known.every((each) => (other[each] ?? -Infinity) >= own[each]!)) return undefined;
  return { kind: 'benchmarked', index, from: own[index]!, to: other[index]! };
}

/** Returns the endpoint of the same model that would have cost least; none if only its provider answered anyway. */
function otherProvider(past: PastModel, { endpoints, providers, cut }: AdviseInput): Advice[] {
  const { listed } = past;
  if (listed === undefined) return [];
  const served = providers.get(past.row.group) ?? new Set();
  const fitting = (endpoints.get(past.row.group) ?? []).filter(
    (endpoint) =>
      !(served.size === 1 && served.has(endpoint.providerName)) &&
      isWell(endpoint) &&
      holdsPrompts(endpoint.maxPromptTokens ?? endpoint.contextLength, past),
  );
  const matches = fitting.flatMap(({ pricing, providerName, tag, quantization, uptimeLast1d }): Advice[] => {
    const saving = savingWith(past, { ...listed, pricing }, cut);
    if (saving === undefined) return [];
    const change = { kind: 'provider', to: providerName, tag, quantization, uptime: uptimeLast1d } as const;
    return [{ model: past.row.group, change, saving, spent: past.row.cost }];
  });
  return sortAdvice(matches).slice(0, 1);
}

function variants(past: PastModel, { models, cut }: AdviseInput): Advice[] {
  const { listed } = past;
  if (listed === undefined) return [];
  const [base] = listed.id.split(':');
  return models.flatMap((model): Advice[] => {
    const variant = model.id.slice(model.id.indexOf(':') + 1);
    const isVariant = model.id === `${base}:${variant}` && VARIANTS.has(variant) && model.id !== listed.id;
    if (!isVariant || !holdsPrompts(model.contextLength, past)) return [];
    const saving = isFree(model) ? past.row.cost : savingWith(past, model, cut);
    if (saving === undefined) return [];
    return [{ model: past.row.group, change: { kind: 'variant', to: model.id, variant }, saving, spent: past.row.cost }];
  });
}
