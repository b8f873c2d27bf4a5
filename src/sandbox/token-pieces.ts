/**
 * A token has up to six letters or digits, up to two ideographs, or one other character; white space belongs to the next token.
 */
const PIECE =
  /\s*(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{1,2}|(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul})[\p{L}\p{N}]){1,6}|\S)|\s+/gu;

/** For longer texts, the count is extrapolated from the beginning. */
const COUNTED = 200_000;

/**
 * Splits a text into the tokens in which the sandbox streams it. Not the tokenizer of any model, but deterministic, and close
 * enough for English that costs are realistic.
 */
export function tokenPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** Returns the number of the sandbox's tokens in a text. */
export function countPieces(text: string): number {
  if (text.length <= COUNTED) return tokenPieces(text).length;
  return Math.round((tokenPieces(text.slice(0, COUNTED)).length * text.length) / COUNTED);
}
