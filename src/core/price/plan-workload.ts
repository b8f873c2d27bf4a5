import type { Decimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import type { OutputLength } from '../../storage/ledger/reports/report.ts';
import type { Workload } from './quote.ts';
import { type ImageSize, imageTokens } from '../tokens/image-tokens.ts';
import type { PromptCount } from './prompt-count.ts';

/** The requested workload, before the number of tokens for a model is known. */
export interface WorkloadPlan {
  /** Share of the prompt's text that is read from a cache, and share that is written to one; at most 1 together. */
  cachedShare: Decimal;
  cacheWriteShare: Decimal;
  /**
   * Tokens of the answer without reasoning. Undefined: the default, which is the same for all models, or with `usesPast` the model's past
   * answers.
   */
  output: number | undefined;
  usesPast: boolean;
  reasoning: number;
  images: readonly ImageSize[];
  searches: number;
}

/** The workload for one model, and the source of its numbers. */
export interface PlannedWorkload extends Workload {
  /** Undefined if the number of prompt tokens was given. */
  counted?: PromptCount | undefined;
  outputFrom: 'given' | 'ledger' | 'default';
  /** Number of answers in the ledger that `completionTokens` is based on. */
  outputSamples?: number | undefined;
}

/** Tokens of an answer if none are given and the ledger has no answers of the model. */
export const DEFAULT_OUTPUT = 1000;

/**
 * Returns the workload for one model. Shares become whole tokens, rounded to the nearest. Past answers include their reasoning; a given or
 * default length does not, so reasoning is added to it.
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

/** Throws a usage error if the shares add up to more than the whole prompt. */
export function checkShares(cachedShare: Decimal, cacheWriteShare: Decimal): void {
  if (cachedShare.plus(cacheWriteShare).gt(1)) {
    throw usageError('--cached and --cache-write add up to more than the whole prompt', 'use shares that add up to at most 100%');
  }
}

function partOf(tokens: number, share: Decimal): number {
  return share.times(tokens).round(0, 1).toNumber();
}
