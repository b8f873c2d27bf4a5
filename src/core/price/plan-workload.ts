import type { Decimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import type { OutputLength } from '../../storage/ledger/reports/report.ts';
import type { Workload } from './quote.ts';
import { type ImageSize, imageTokens } from '../tokens/image-tokens.ts';
import type { PromptCount } from './prompt-count.ts';

/** What is asked for, before it is known how many tokens that is for a model. */
export interface WorkloadPlan {
  /** Share of the prompt's text that is read from a cache, and that is written to one; together 1 at most. */
  cachedShare: Decimal;
  cacheWriteShare: Decimal;
  /** Tokens of the answer without reasoning; undefined: the default, which is the same for all models, or with `usesPast` the model's past. */
  output: number | undefined;
  usesPast: boolean;
  reasoning: number;
  images: readonly ImageSize[];
  searches: number;
}

/** A workload for one model, and where its figures come from. */
export interface PlannedWorkload extends Workload {
  /** Undefined: the prompt's tokens were given. */
  counted?: PromptCount | undefined;
  outputFrom: 'given' | 'ledger' | 'default';
  /** Answers that the ledger went by. */
  outputSamples?: number | undefined;
}

/** Tokens of an answer when nobody says how many and nothing is known of the model. */
export const DEFAULT_OUTPUT = 1000;

/**
 * The workload for one model. Shares become whole tokens, rounded to the nearest. The past of a model tells of answers with their reasoning;
 * given or assumed answers come without, and reasoning is added to them.
 */
export function planWorkload(
  modelId: string,
  prompt: { tokens: number; counted?: PromptCount | undefined },
  plan: WorkloadPlan,
  past?: OutputLength,
): PlannedWorkload {
  const { cachedShare, cacheWriteShare, reasoning, images } = plan;
  const outputFrom = plan.output !== undefined ? 'given' : past === undefined ? 'default' : 'ledger';
  const completionTokens =
    outputFrom === 'ledger' ? Math.max(Math.round(past!.median), reasoning) : (plan.output ?? DEFAULT_OUTPUT) + reasoning;
  const cachedTokens = partOf(prompt.tokens, cachedShare);
  return {
    promptTokens: prompt.tokens,
    cachedTokens,
    cacheWriteTokens: Math.min(prompt.tokens - cachedTokens, partOf(prompt.tokens, cacheWriteShare)),
    completionTokens,
    reasoningTokens: reasoning,
    images: images.length,
    imageTokens: images.reduce((sum, size) => sum + imageTokens(modelId, size), 0),
    searches: plan.searches,
    counted: prompt.counted,
    outputFrom,
    outputSamples: outputFrom === 'ledger' ? past!.samples : undefined,
  };
}

/** Throws when more of the prompt is in a cache than there is. */
export function checkShares(cachedShare: Decimal, cacheWriteShare: Decimal): void {
  if (cachedShare.plus(cacheWriteShare).gt(1)) {
    throw usageError('--cached and --cache-write are more than the whole prompt together', 'their sum is 100% at most');
  }
}

function partOf(tokens: number, share: Decimal): number {
  return share.times(tokens).round(0, 1).toNumber();
}
