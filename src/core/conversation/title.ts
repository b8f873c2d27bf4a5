const LONGEST = 80;
/** More of a line, or of a text without letters, is not read, in UTF-16 units. */
const LONGEST_READ = 4096;

/** Returns the title of a conversation until the user renames it: the first line of its first question that contains text. */
export function titleOf(question: string): string {
  const title = firstLine(question) ?? (question.trim() === '' ? 'untitled' : withSingleSpaces(question.slice(0, LONGEST_READ)));
  const characters = [...title];
  return characters.length <= LONGEST
    ? title
    : `${characters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}

/** Returns the first line with a letter or digit that does not begin or end a code block. Reads no further: a question may be a large file. */
function firstLine(question: string): string | undefined {
  for (let start = 0; start < question.length;) {
    const newline = question.indexOf('\n', start);
    const end = newline === -1 ? question.length : newline;
    const line = withSingleSpaces(question.slice(start, Math.min(end, start + LONGEST_READ)));
    if ((/[a-z\d]/.test(line) || /[\p{L}\p{N}]/u.test(line)) && !/^(`{3}|~{3})/.test(line)) return line;
    start = end + 1;
  }
  return undefined;
}

function withSingleSpaces(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
