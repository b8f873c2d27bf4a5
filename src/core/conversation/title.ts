const LONGEST = 80;

/** Returns the title of a conversation until the user renames it: the first line of its first question that contains text. */
export function titleOf(question: string): string {
  const line = question
    .split('\n')
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .find((text) => /[\p{L}\p{N}]/u.test(text) && !/^(`{3}|~{3})/.test(text));
  const title = line ?? (question.trim() === '' ? 'untitled' : question.replaceAll(/\s+/g, ' ').trim());
  const characters = [...title];
  return characters.length <= LONGEST
    ? title
    : `${characters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}
