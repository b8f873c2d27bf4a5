import type { TokenizerName } from './tokenizer.ts';

/** Longer runs of letters, marks or spaces are split: the tokenizer's time grows with the square of their length. */
const LONGEST_RUN = 512;
const LONG_RUNS = new RegExp(`\\S{${LONGEST_RUN + 1},}|\\s{${LONGEST_RUN + 1},}`, 'g');

/** Longest text in UTF-16 units that is counted. Longer ones would take seconds; use estimateTokens for them. */
export const LONGEST_COUNTED = 4_000_000;

/**
 * Returns the number of tokens of a text for a tokenizer, which is loaded on first use. Exact if no run of letters, marks or spaces is longer than
 * 512; otherwise some tenths of a percent too high. Text that looks like a control token counts as normal text.
 */
export async function countTokens(text: string, name: TokenizerName): Promise<number> {
  const { countTokens: count } =
    name === 'o200k' ? await import('gpt-tokenizer/encoding/o200k_base') : await import('gpt-tokenizer/encoding/cl100k_base');
  const options = { disallowedSpecial: new Set<string>() };
  let tokens = 0;
  for (const piece of pieces(text)) tokens += count(piece, options);
  return tokens;
}

function* pieces(text: string): Generator<string> {
  let start = 0;
  for (const { 0: run, index } of text.matchAll(LONG_RUNS)) {
    if (index > start) yield text.slice(start, index);
    // Splits by code points, so that no surrogate pair is split.
    const characters = Array.from(run);
    for (let from = 0; from < characters.length; from += LONGEST_RUN) yield characters.slice(from, from + LONGEST_RUN).join('');
    start = index + run.length;
  }
  if (start < text.length) yield text.slice(start);
}
