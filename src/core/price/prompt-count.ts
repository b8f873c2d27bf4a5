import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { countTokens, LONGEST_COUNTED } from '../tokens/count-tokens.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { expectedTokens } from '../tokens/learned-ratio.ts';
import { tokenizerFor, type TokenizerName } from '../tokens/tokenizer.ts';
import { type Margin, tokenMargin } from '../tokens/token-margin.ts';

/** Texts of a prompt: what the system says, and what the user says. */
export interface PromptTexts {
  system?: string | undefined;
  user?: string | undefined;
}

/** How many tokens a prompt has for one model, and how that is known. */
export interface PromptCount {
  tokens: number;
  /** Who counted: a tokenizer; the ledger, from what earlier prompts of the family were billed; or characters, for very long texts. */
  countedWith: TokenizerName | 'ledger' | 'characters';
  /** The model's own tokenizer counted, and nothing was guessed. */
  isExact: boolean;
  /** Undefined when exact. */
  margin?: Margin | undefined;
  /** Prompts that the ledger went by. */
  samples?: number | undefined;
}

/** What a conversation adds to its texts. Source: prompts of recorded requests against what was billed for them; newer models add one less. */
const TOKENS_OF_A_CONVERSATION = 3;
const TOKENS_OF_A_MESSAGE = 4;

/** However alike the prompts were that the ledger learned from, the next one may differ. */
const LEAST_MARGIN = 1.05;

/** Of estimateTokens against a tokenizer, for nine of ten texts: see there. */
const ESTIMATE_MARGIN: Margin = { low: 0.87, high: 1.14 };

/** Counts prompts: a text that is counted for several models is counted once for each tokenizer. */
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
