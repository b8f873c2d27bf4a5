const LONGEST_WORD = 300;
const HEAD = 160;
const TAIL = 40;
const LONGEST_TEXT = 10_000;
const LONG_WORD = new RegExp(`\\S{${LONGEST_WORD + 1},}`, 'g');

/**
 * Returns the text of a message, with very long words and the end of a very long text left out: a message may quote any name that a user or a
 * server sends. Call it after keys are masked, because a part of a key would not be found.
 */
export function shortText(text: string): string {
  if (text.length <= LONGEST_WORD) return text;
  const short = text.replace(LONG_WORD, (word) => `${whole(word.slice(0, HEAD))}…${whole(word.slice(-TAIL))}`);
  return short.length <= LONGEST_TEXT ? short : `${whole(short.slice(0, LONGEST_TEXT))}…`;
}

/** Leaves out the halves of characters that were cut. */
function whole(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '');
}
