/** Something that a message names to be attached: `@path`, or `@"path with blanks"`. */
export interface Mention {
  /** Where its `@` stands in the text, and the place behind its end. */
  start: number;
  end: number;
  /** What may be meant: all of it as it was written, then without what may be punctuation of the sentence, a sign less each time. */
  names: readonly string[];
}

// At the beginning of a word: addresses of mail are none.
const MENTION = /(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s"]\S*))/g;
const LAST_SIGN = /(?:['’]s|[.,:;!?'"`>…。，、；：！？]|[\p{Pe}\p{Pf}])$/u;
/** No sentence ends with more signs. */
const MOST_SIGNS = 12;
/** No file system takes a longer path. */
const LONGEST_PATH = 4096;
const OPEN_MENTION = /(?:^|[\s(])@(?:"([^"\n]*)|([^\s"]*))$/;

/** The mentions of a message, in order. */
export function mentionsOf(text: string): readonly Mention[] {
  const matches: Mention[] = [];
  for (const { 0: all, 1: quoted, 2: plain = '', index } of text.matchAll(MENTION)) {
    if (all.length > LONGEST_PATH) continue;
    matches.push({ start: index, end: index + all.length, names: quoted === undefined ? namesOf(plain) : [quoted] });
  }
  return matches;
}

function namesOf(word: string): string[] {
  const names = [word];
  for (let name = word; names.length <= MOST_SIGNS;) {
    name = name.replace(LAST_SIGN, '');
    if (name === '' || name === names.at(-1)) break;
    names.push(name);
  }
  return names;
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
  return /[\s]/.test(path) || LAST_SIGN.test(path) ? `@"${path}"` : `@${path}`;
}
