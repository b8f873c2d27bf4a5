// Scripts and signs of two columns. Errors are wrapped with this, and every run loads what writes them: the table of string-width stays out of it.
const WIDE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Yi}\p{Emoji_Presentation}\u3000-\u303e\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|.\ufe0f/u;
const NONE = /[\p{M}\p{Cf}]/u;
const PLAIN = /^[\u0020-\u007e]*$/;

/** A line broken at its spaces into lines of fewer than `columns` columns, each indented as the first one is. */
export function wrapWords(line: string, columns = Number.POSITIVE_INFINITY): string[] {
  if (mostColumns(line) < columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  let used = 0;
  for (const word of line.trim().split(' ')) {
    const wide = mostColumns(word);
    if (current !== '' && used + 1 + wide >= columns) {
      lines.push(indent + current);
      current = '';
    }
    used = current === '' ? indent.length + wide : used + 1 + wide;
    current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, indent + current];
}

/** As many columns as the text takes, or a few more where several signs are shown as one: it never reaches beyond the screen. */
function mostColumns(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text.match(/.\ufe0f|./gsu) ?? []) columns += WIDE.test(character) ? 2 : NONE.test(character) ? 0 : 1;
  return columns;
}
