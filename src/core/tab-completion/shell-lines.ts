import type { BashLine } from './bash-line.ts';
import type { TabCompletion } from './complete.ts';

/** The shells that have a completion script. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Longest description: shells show each candidate on one line. */
const LONGEST_ABOUT = 72;
/** COMP_TYPE of a list: `?`, `!` and `@`. With all others bash may insert a whole candidate. */
const LISTING: ReadonlySet<string> = new Set(['63', '33', '64']);

/** Returns the lines that the completion scripts read: one with the kind, then for each candidate its word, a tab, and its description. */
export function shellLines(completion: TabCompletion): string {
  const lines =
    completion.kind === 'words' ? completion.candidates.map(({ value, about }) => `${value}\t${shortened(about)}`) : [];
  return [completion.kind, ...lines].map((line) => `${line}\n`).join('');
}

/**
 * Returns the lines for bash: the text by which readline replaces the last of its own words, quoted. Bash shows no descriptions, but of several
 * candidates it inserts only the common prefix. So if it only lists them (`type`: COMP_TYPE), numbers are followed by their descriptions.
 */
export function bashLines(completion: TabCompletion, { stored, quote }: BashLine, type = ''): string {
  const candidates = completion.kind === 'words' ? completion.candidates.filter(({ value }) => value.startsWith(stored)) : [];
  const isListed = completion.kind === 'words' && completion.areNumbers === true && candidates.length > 1 && LISTING.has(type);
  const replies = candidates.map(({ value, about }) => {
    const reply = value.slice(stored.length);
    if (isListed && about !== '') return `${reply}  ${shortened(about)}`;
    // bash would expand a word that begins with ~.
    return quote === '' ? reply.replace(/^~/, '\\~') : reply;
  });
  return [completion.kind, ...replies].map((line) => `${line}\n`).join('');
}

/** Truncates by code points, so that it does not split a surrogate pair. */
function shortened(about: string): string {
  const characters = [...about];
  return characters.length <= LONGEST_ABOUT
    ? about
    : `${characters
        .slice(0, LONGEST_ABOUT - 1)
        .join('')
        .trimEnd()}…`;
}
