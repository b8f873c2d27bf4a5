/** A text and the name of its source. */
export interface NamedText {
  name: string;
  text: string;
}

/** Characters of a name that could end its line or its fence, or hide what it says. */
const unsafe = (): RegExp => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]+/gu;

/**
 * Returns the text as a block under its name. The fence is longer than any in the text, so that nothing in the text can end the block and appear
 * as the user's words.
 */
export function fencedText({ name, text }: NamedText): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${name.replace(unsafe(), ' ').trim()}:\n${fence}\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
