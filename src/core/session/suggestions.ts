import type { SlashCommand } from './slash-commands.ts';

/** One suggestion. */
export interface Candidate {
  /** The text to insert. */
  insert: string;
  label: string;
  detail: string;
  /** The command is complete after it. */
  isWhole: boolean;
  /** The text already contains it, so Enter acts as if there were no suggestion. */
  isTyped?: boolean;
}

/** Completions of the last word, and where that word begins, in characters of the text before the cursor. */
export interface Suggestions {
  start: number;
  candidates: readonly Candidate[];
  /** The message to show if there are no candidates. */
  none?: string;
}

/** The text after a command: all of it, the words before the last one, and the last word. */
export interface ArgumentText {
  all: string;
  before: readonly string[];
  last: string;
}

/** Returns completions of a command's arguments; `start` is relative to the text after the command. */
export type CompleteArgument = (command: string, text: ArgumentText) => Suggestions | undefined;

/** Returns completions of the text before the cursor, if it is a command. */
export function completeSlash(
  text: string,
  commands: readonly SlashCommand[],
  completeArgument: CompleteArgument,
): Suggestions | undefined {
  if (!text.startsWith('/') || text.includes('\n')) return undefined;
  const [first = '', ...rest] = text.slice(1).split(/\s+/);
  if (rest.length === 0) {
    const candidates = commands
      .filter(({ name, aliases = [] }) => [name, ...aliases].some((known) => known.startsWith(first.toLowerCase())))
      .map(commandCandidate);
    return candidates.length === 0 ? undefined : { start: 0, candidates };
  }
  const command = commands.find(({ name, aliases }) => name === first || aliases?.includes(first) === true);
  if (command === undefined) return undefined;
  const all = text.slice(first.length + 1).replace(/^\s+/, '');
  const match = completeArgument(command.name, { all, before: rest.slice(0, -1), last: rest.at(-1)! });
  if (match === undefined || (match.candidates.length === 0 && match.none === undefined)) return undefined;
  return { ...match, start: text.length - all.length + match.start };
}

/** Returns the candidates as completions of the last word. */
export function lastWord({ all, last }: ArgumentText, candidates: readonly Candidate[]): Suggestions {
  return { start: all.length - last.length, candidates };
}

function commandCandidate({ name, takes, description }: SlashCommand): Candidate {
  const isWhole = !takes.startsWith('<');
  return {
    insert: `/${name}${isWhole ? '' : ' '}`,
    label: `/${name}${takes === '' ? '' : ` ${takes}`}`,
    detail: description,
    isWhole,
  };
}

/**
 * Returns the candidates that contain every part of the typed word, best first: matches at the beginning, then matches at the beginning of a
 * part.
 */
export function matching(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  const parts = typed
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return candidates;
  return candidates
    .map((candidate) => ({ candidate, place: placeOf(candidate.label.toLowerCase(), parts) }))
    .filter(({ place }) => place !== undefined)
    .sort((a, b) => a.place! - b.place!)
    .map(({ candidate }) => candidate);
}

function placeOf(label: string, parts: readonly string[]): number | undefined {
  if (label === parts.join(' ')) return -1;
  if (!parts.every((part) => label.includes(part))) return undefined;
  const [first = ''] = parts;
  if (label.startsWith(first)) return 0;
  return /[^\p{L}\p{N}]/u.test(label.charAt(label.indexOf(first) - 1)) ? 1 : 2;
}
