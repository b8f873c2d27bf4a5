import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { countTokens, LONGEST_COUNTED } from '../tokens/count-tokens.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { expectedTokens } from '../tokens/learned-ratio.ts';
import { tokenizerFor, type TokenizerName } from '../tokens/tokenizer.ts';
import { type Margin, tokenMargin } from '../tokens/token-margin.ts';

/** The texts of a prompt: the system prompt and the user's message. */
export interface PromptTexts {
  system?: string | undefined;
  user?: string | undefined;
}

/** The number of tokens that a prompt has for one model, and how it was counted. */
export interface PromptCount {
  tokens: number;
  /**
   * How it was counted: by a tokenizer, by the ledger (from the counts that providers reported for earlier prompts of the family), or by
   * characters, for very long texts.
   */
  countedWith: TokenizerName | 'ledger' | 'characters';
  /** True if the model's own tokenizer counted and nothing was estimated. */
  isExact: boolean;
  /** Undefined when exact. */
  margin?: Margin | undefined;
  /** Number of recorded prompts that the count is based on. */
  samples?: number | undefined;
}

/**
 * Tokens that a conversation adds to its texts. Source: recorded requests, compared with the tokens that the provider charged for; newer models
 * add one less.
 */
const TOKENS_OF_A_CONVERSATION = 3;
const TOKENS_OF_A_MESSAGE = 4;

/** The next prompt may differ even if all recorded prompts were similar, so the margin is at least this. */
const LEAST_MARGIN = 1.05;

/** The error of estimateTokens against a tokenizer, for nine of ten texts: see there. */
const ESTIMATE_MARGIN: Margin = { low: 0.87, high: 1.14 };

/** Returns a function that counts the prompt's tokens for a model. Each tokenizer counts a text only once, however many models use it. */
export function promptCounter({
  system,
  user,
}: PromptTexts): (modelId: string, calibration?: Calibration) => Promise<PromptCount> {
  const texts = [system, user].filter((text) => text !== undefined);
  const all = texts.join('\n');
  const frame = TOKENS_OF_A_CONVERSATION + TOKENS_OF_A_MESSAGE * texts.length;
  const isLong = all.length > LONGEST_COUNTED;
  const counted = new Map<TokenizerName, Promise<number>>();
  const estimate = (): number => texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const count = (name: TokenizerName): Promise<number> => {
    const known = counted.get(name) ?? sumOf(texts.map((text) => countTokens(text, name)));
    counted.set(name, known);
    return known;
  };
  return async (modelId, calibration) => {
    const { tokenizer, isExact } = tokenizerFor(modelId);
    if (calibration !== undefined && !isExact) {
      const text = estimate() + TOKENS_OF_A_MESSAGE * texts.length;
      const tokens = expectedTokens({ text, extra: 0 }, calibration);
      const high = Math.max(LEAST_MARGIN, calibration.high / calibration.ratio);
      return { tokens, countedWith: 'ledger', isExact: false, samples: calibration.samples, margin: { low: 1 / high, high } };
    }
    const margin = isExact ? { low: 1, high: 1 } : tokenMargin(modelId, all);
    if (isLong) {
      const { low, high } = ESTIMATE_MARGIN;
      const wide = { low: low * margin.low, high: high * margin.high };
      return { tokens: estimate() + frame, countedWith: 'characters', isExact: false, margin: wide };
    }
    const tokens = (await count(tokenizer)) + frame;
    return { tokens, countedWith: tokenizer, isExact, margin: isExact ? undefined : margin };
  };
}

async function sumOf(counts: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
