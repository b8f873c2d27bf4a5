/** A bash command line up to the cursor, split into words as bash does. */
export interface BashLine {
  /** The words before the one at the cursor, without their quotes; the first is the command's name. */
  words: readonly string[];
  /** The word at the cursor, without its quotes. */
  current: string;
  /** The beginning of `current` before the part that readline replaces: readline ends words at more characters than the shell does. */
  stored: string;
  /** The quote that is open at the cursor; empty if none is. */
  quote: string;
}

/** `breaks`: COMP_WORDBREAKS. */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let current: string | undefined;
  let stored = '';
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!;
    if (character === '\\' && quote !== "'") {
      at += 1;
      const next = line[at] ?? '';
      // In double quotes, a backslash is literal before most characters.
      current = (current ?? '') + (quote === '"' && !/["\\$`]/.test(next) ? character + next : next);
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else current += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      current ??= '';
      stored = current;
    } else if (/\s/.test(character)) {
      if (current !== undefined) words.push(current);
      current = undefined;
      stored = '';
    } else {
      current = (current ?? '') + character;
      if (breaks.includes(character)) stored = current;
    }
  }
  return { words, current: current ?? '', stored, quote };
}
