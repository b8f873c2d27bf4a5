import { decimalText } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { EntryResult, LedgerEntry } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import { expectedTokens, learnedRatio } from '../tokens/learned-ratio.ts';

export interface Estimating {
  ledger: Ledger;
  /** The model of this name in the catalogue; undefined when it is not there. */
  findModel: (name: string) => Model | undefined;
}

/**
 * Gives entries of which no bill is to be had a cost from the catalogue's prices: the tokens that were counted, else orx's own count of the
 * prompt. It is called an estimate, and gives way to a bill that is found later. The number of entries that got one.
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
