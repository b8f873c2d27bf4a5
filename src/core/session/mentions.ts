/** A file that a message names to be attached: `@path`, or `@"path with spaces"`. */
export interface Mention {
  /** The position of its `@` in the text, and the position after its end. */
  start: number;
  end: number;
  /** Possible paths: first the whole text, then the text without trailing punctuation, one character less each time. */
  names: readonly string[];
}

// Only at the beginning of a word, so that email addresses do not match.
const MENTION = /(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s"]\S*))/g;
const LAST_SIGN = /(?:['’]s|[.,:;!?'"`>…。，、；：！？]|[\p{Pe}\p{Pf}])$/u;
/** Most trailing punctuation characters that are removed. */
const MOST_SIGNS = 12;
/** File systems do not accept longer paths. */
const LONGEST_PATH = 4096;
const OPEN_MENTION = /(?:^|[\s(])@(?:"([^"\n]*)|([^\s"]*))$/;

/** Returns the mentions of a message, in order. */
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

/** Returns the path that is being typed after an `@` at the end of a text, and the position of the `@`; undefined if there is none. */
export function openMention(text: string): { start: number; typed: string } | undefined {
  const match = OPEN_MENTION.exec(text);
  if (match === null) return undefined;
  return { start: text.indexOf('@', match.index), typed: match[1] ?? match[2] ?? '' };
}

/** Returns a path as a mention; undefined if it cannot be written as one. */
export function mentionText(path: string): string | undefined {
  if (/["\p{Cc}]/u.test(path)) return undefined;
  return /[\s]/.test(path) || LAST_SIGN.test(path) ? `@"${path}"` : `@${path}`;
}
