import type { BashLine } from './bash-line.ts';
import type { Completion } from './complete.ts';

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** A list of a shell gives each candidate one line. */
const LONGEST_ABOUT = 72;

/** What the scripts read: a line with the kind, then for each candidate its word, a tab, and what it means. */
export function shellLines(completion: Completion): string {
  const lines =
    completion.kind === 'words' ? completion.candidates.map(({ value, about }) => `${value}\t${shortened(about)}`) : [];
  return [completion.kind, ...lines].map((line) => `${line}\n`).join('');
}

/** The same for bash, which shows no meanings: what readline puts in the place of the last of its own words, quoted. */
export function bashLines(completion: Completion, { kept, quote }: BashLine): string {
  const values = completion.kind === 'words' ? completion.candidates.map(({ value }) => value) : [];
  const replies = values
    .filter((value) => value.startsWith(kept))
    .map((value) => value.slice(kept.length))
    // A word that begins with ~ is a home to bash.
    .map((reply) => (quote === '' ? reply.replace(/^~/, '\\~') : reply));
  return [completion.kind, ...replies].map((line) => `${line}\n`).join('');
}

function shortened(about: string): string {
  return about.length <= LONGEST_ABOUT ? about : `${about.slice(0, LONGEST_ABOUT - 1).trimEnd()}…`;
}
