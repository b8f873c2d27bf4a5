/** Something that a message names to be attached: `@path`, or `@"path with blanks"`. */
export interface Mention {
  /** As it was typed, without the quotes. */
  path: string;
  /** Without what may be punctuation of the sentence; the same where there is none. */
  bare: string;
}

// At the beginning of a word: addresses of mail are none.
const MENTION = /(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s"]\S*))/g;
const PUNCTUATION = /[.,;:!?)\]}'"]+$/;
const OPEN_MENTION = /(?:^|[\s(])@(?:"([^"\n]*)|([^\s"]*))$/;

/** The mentions of a message, in order, each once. */
export function mentionsOf(text: string): readonly Mention[] {
  const found = new Map<string, Mention>();
  for (const [, quoted, plain = ''] of text.matchAll(MENTION)) {
    const path = quoted ?? plain;
    found.set(path, { path, bare: quoted ?? path.replace(PUNCTUATION, '') });
  }
  return [...found.values()];
}

/** The path that is being typed behind an `@` at the end of a text, and where the `@` is; undefined: none is. */
export function openMention(text: string): { start: number; typed: string } | undefined {
  const match = OPEN_MENTION.exec(text);
  if (match === null) return undefined;
  return { start: text.indexOf('@', match.index), typed: match[1] ?? match[2] ?? '' };
}

/** A path as a mention; undefined for one that cannot be written as one. */
export function mentionText(path: string): string | undefined {
  if (/["\p{Cc}]/u.test(path)) return undefined;
  return /[\s]/.test(path) || PUNCTUATION.test(path) ? `@"${path}"` : `@${path}`;
}
