import type { TokenizerName } from './tokenizer.ts';

/** A run of letters, marks or spaces longer than this is cut: the tokenizer's time grows with the square of it. */
const LONGEST_RUN = 512;
const LONG_RUNS = new RegExp(`\\S{${LONGEST_RUN + 1},}|\\s{${LONGEST_RUN + 1},}`, 'g');

/** Longer texts (in UTF-16 units) would take seconds; estimateTokens has to do for them. */
export const LONGEST_COUNTED = 4_000_000;

/**
 * How many tokens a text has for a tokenizer, which is loaded now. Exact where no run of letters, marks or spaces is longer than 512, else
 * some tenths of a percent too many. What looks like a token of control counts as the text that it is.
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
    // By whole characters: half of one is no text.
    const characters = Array.from(run);
    for (let from = 0; from < characters.length; from += LONGEST_RUN) yield characters.slice(from, from + LONGEST_RUN).join('');
    start = index + run.length;
  }
  if (start < text.length) yield text.slice(start);
}
