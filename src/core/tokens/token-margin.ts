import { modelFamily } from '../model-id/family.ts';

/** Factors of the count: in nine of ten cases the real number is between them. */
export interface Margin {
  low: number;
  high: number;
}

interface FamilyMargin {
  families: readonly string[];
  /** Texts in Latin letters, including code. */
  plain: Margin;
  /** Texts with more than a tenth of other letters. */
  other: Margin;
}

/**
 * Counts of other tokenizers relative to o200k's, 5th and 95th percentile, measured on 268 texts in Latin letters and 176 in Japanese and
 * Chinese. Claude's tokenizer is the last one that was published, for Claude 2.
 */
const MEASURED: readonly FamilyMargin[] = [
  { families: ['anthropic/claude'], plain: { low: 0.9, high: 1.13 }, other: { low: 1.09, high: 1.53 } },
  { families: ['google/gemini', 'google/gemma'], plain: { low: 0.98, high: 1.21 }, other: { low: 0.64, high: 1.08 } },
  { families: ['meta-llama/llama'], plain: { low: 0.98, high: 1.03 }, other: { low: 0.88, high: 1.05 } },
  { families: ['deepseek/deepseek'], plain: { low: 0.95, high: 1.06 }, other: { low: 0.76, high: 0.97 } },
  { families: ['qwen/qwen', 'qwen/qwq'], plain: { low: 0.98, high: 1.08 }, other: { low: 0.78, high: 1.04 } },
];

/** For all other families: the widest range measured. */
const UNKNOWN: Omit<FamilyMargin, 'families'> = { plain: { low: 0.9, high: 1.21 }, other: { low: 0.64, high: 1.53 } };

const OTHER_LETTERS = /[\u{250}-\u{10ffff}]/gu;
const OTHER_SHARE = 0.1;

/** How far orx's own count may deviate from o200k's, in addition to the family's margin: estimate-tokens.ts. */
const ESTIMATE_ERROR: Margin = { low: 0.75, high: 1.3 };

/** Returns the possible range of real tokens relative to orx's own count for a family. A ratio outside it was not caused by the text. */
export function ratioBounds(family: string): Margin {
  const { plain, other } = MEASURED.find(({ families }) => families.includes(family)) ?? UNKNOWN;
  return {
    low: Math.min(plain.low, other.low) * ESTIMATE_ERROR.low,
    high: Math.max(plain.high, other.high) * ESTIMATE_ERROR.high,
  };
}

/** Returns how far o200k's count of a text may deviate from that of a model with another tokenizer. */
export function tokenMargin(modelId: string, text: string): Margin {
  const family = modelFamily(modelId);
  const { plain, other } = MEASURED.find(({ families }) => families.includes(family)) ?? UNKNOWN;
  return isPlain(text) ? plain : other;
}

/** Returns whether at most a tenth of a text's characters are not Latin letters. */
export function isPlain(text: string): boolean {
  return text.length === 0 || (text.match(OTHER_LETTERS)?.length ?? 0) / text.length <= OTHER_SHARE;
}
