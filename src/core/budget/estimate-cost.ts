import { decimalText } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { EntryResult, LedgerEntry } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import { expectedTokens, learnedRatio } from '../tokens/learned-ratio.ts';

export interface Estimating {
  ledger: Ledger;
  /** Returns the catalogue's model of this name; undefined if it is not listed. */
  findModel: (name: string) => Model | undefined;
}

/**
 * Estimates the cost of entries whose actual cost cannot be looked up, from the catalogue's prices and the counted tokens, or else orx's own
 * count of the prompt. The cost is marked as an estimate, and the actual cost replaces it if it is found later. Returns the number of entries
 * that got an estimate.
 */
export function estimateUnpriced({ ledger, findModel }: Estimating): number {
  let count = 0;
  for (const entry of ledger.unpriced()) {
    const model = findModel(entry.servedModel ?? entry.requestedModel);
    const result = model === undefined ? undefined : withEstimate(entry, model, learnedRatio(ledger, entry.family));
    if (result === undefined) continue;
    ledger.settle(entry.id, result);
    count += 1;
  }
  return count;
}

function withEstimate(entry: LedgerEntry, model: Model, learned: Calibration | undefined): EntryResult | undefined {
  const { estimatedPromptTokens, estimatedExtraTokens: extra = 0 } = entry;
  const promptTokens = entry.promptTokens ?? expectedTokens({ text: estimatedPromptTokens - extra, extra }, learned);
  const { prompt, completion, request } = effectivePricing(model.pricing, { promptTokens, at: new Date(entry.openedAt) });
  if (prompt === undefined || completion === undefined) return undefined;
  if (prompt === 'varies' || completion === 'varies' || request === 'varies') return undefined;
  const cost = prompt
    .times(promptTokens)
    .plus(completion.times(entry.completionTokens ?? 0))
    .plus(request ?? 0);
  return {
    ...entry,
    outcome: entry.outcome ?? 'lost',
    attempts: entry.attempts ?? 1,
    cost: decimalText(cost),
    costSource: 'estimated',
  };
}
