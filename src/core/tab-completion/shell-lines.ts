import type { BashLine } from './bash-line.ts';
import type { TabCompletion } from './complete.ts';

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** A list of a shell gives each candidate one line. */
const LONGEST_ABOUT = 72;
/** COMP_TYPE of a list: `?`, `!` and `@`. With all others a candidate may be inserted whole. */
const LISTING: ReadonlySet<string> = new Set(['63', '33', '64']);

/** What the scripts read: a line with the kind, then for each candidate its word, a tab, and what it means. */
export function shellLines(completion: TabCompletion): string {
  const lines =
    completion.kind === 'words' ? completion.candidates.map(({ value, about }) => `${value}\t${shortened(about)}`) : [];
  return [completion.kind, ...lines].map((line) => `${line}\n`).join('');
}

/**
 * The same for bash: what readline puts in the place of the last of its own words, quoted. Bash has no room for meanings, but of several
 * candidates it inserts only what they have in common: where it does no more than list them (`type`: COMP_TYPE), numbers have theirs behind.
 */
export function bashLines(completion: TabCompletion, { stored, quote }: BashLine, type = ''): string {
  const candidates = completion.kind === 'words' ? completion.candidates.filter(({ value }) => value.startsWith(stored)) : [];
  const isListed = completion.kind === 'words' && completion.areNumbers === true && candidates.length > 1 && LISTING.has(type);
  const replies = candidates.map(({ value, about }) => {
    const reply = value.slice(stored.length);
    if (isListed && about !== '') return `${reply}  ${shortened(about)}`;
    // A word that begins with ~ is a home to bash.
    return quote === '' ? reply.replace(/^~/, '\\~') : reply;
  });
  return [completion.kind, ...replies].map((line) => `${line}\n`).join('');
}

/** Cut between characters: half of one is none. */
function shortened(about: string): string {
  const characters = [...about];
  return characters.length <= LONGEST_ABOUT
    ? about
    : `${characters
        .slice(0, LONGEST_ABOUT - 1)
        .join('')
        .trimEnd()}…`;
}
