// The answer for every measured client, so that all read the same bytes and the result can be checked.

/** A token is a word or a part of one, about four characters; a few are not ASCII, as in prose. */
const SENTENCES =
  ' the sky is blue because air sc atters short waves far more than long ones , so what reaches the eye from every side' +
  ' looks blue — and at dusk , when light travels a longer way through it , most of that blue is gone and “ red ” remains .';
const WORDS = SENTENCES.split(/(?= )/);
const TOKENS_PER_PARAGRAPH = 90;

/**
 * Returns the tokens of an answer, in order.
 * @param {number} count
 * @returns {string[]}
 */
export function answerTokens(count) {
  return Array.from({ length: count }, (_, index) =>
    index % TOKENS_PER_PARAGRAPH === TOKENS_PER_PARAGRAPH - 1 ? '\n\n' : (WORDS[index % WORDS.length] ?? ''),
  );
}
