/**
 * The prompt from what was piped in and what was typed: standard input first, an empty line, then the words, so that an instruction
 * stands after the text that it is about. Returns undefined when there is neither.
 */
export function joinPrompt(stdinText: string | undefined, words: readonly string[]): string | undefined {
  // `-` asks for standard input; it is no word of the prompt.
  const typed = words.filter((word) => word !== '-').join(' ');
  const piped = stdinText?.replace(/\r?\n$/, '') ?? '';
  const parts = [piped, typed].filter((part) => part.trim() !== '');
  return parts.length === 0 ? undefined : parts.join('\n\n');
}
