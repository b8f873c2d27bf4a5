import { type Draft, isPasted } from '../../../core/session/draft.ts';
import { type Mention, mentionsOf } from '../../../core/session/mentions.ts';
import { OrxError } from '../../../errors.ts';
import { attachQuestion } from '../../../output/session/attach.ts';
import type { FoundPath } from '../../context/session-services.ts';
import type { Session } from '../session.ts';

/** A file, folder or URL that a message mentions and that was found. */
export interface FoundMention extends Omit<FoundPath, 'kind'> {
  /** The name in the message. */
  name: string;
  kind: FoundPath['kind'] | 'address';
  /** The number of files that the same pattern matches; 1 if it is not a pattern. */
  matches: number;
  /** Every mention of it was typed, or chosen from a list. */
  isTyped: boolean;
}

/** What a message mentions. */
export interface FoundMentions {
  hits: readonly FoundMention[];
  /** Names that resemble a file but do not exist. */
  missing: readonly string[];
}

const MEDIUM = /\.(png|jpe?g|webp|gif|pdf|wav|mp3|flac|ogg|aac|aiff?|m4a|mp4|mov|webm|mpe?g)$/i;
const FILM_HOST = /(^|\.)(youtube\.com|youtu\.be)$/i;
/** The time limit for all patterns of one message. */
const SEARCH_MS = 3000;
/** A pattern with more matches needs confirmation, because it may not be meant as a pattern. */
const MOST_UNASKED = 20;
const ONE = { isTyped: true, matches: 1 };

export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** Returns whether a URL refers to a medium, as far as its text shows. */
export function isMediumAddress(address: string): boolean {
  const { pathname, hostname } = new URL(address);
  return MEDIUM.test(pathname) || FILM_HOST.test(hostname);
}

/** Finds what a message mentions. A mention without a match is plain text. */
export async function findMentions(session: Session, draft: Draft, signal: AbortSignal): Promise<FoundMentions> {
  const hits = new Map<string, FoundMention>();
  const missing = new Set<string>();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MS)]);
  const known = new Map<string, Promise<readonly FoundMention[]>>();
  for (const mention of mentionsOf(draft.text)) {
    const [name = ''] = mention.names;
    if (!known.has(name)) known.set(name, findMention(session, mention, deadline));
    const here = await known.get(name)!;
    // The name without punctuation at its end.
    const bare = mention.names.at(-1)!;
    // A user name in a chat also begins with `@`.
    if (here.length === 0 && /[/\\.]/.test(bare)) missing.add(bare);
    const isTyped = !isPasted(draft, mention.start, mention.end);
    for (const one of here) hits.set(one.path, { ...one, isTyped: isTyped && hits.get(one.path)?.isTyped !== false });
  }
  signal.throwIfAborted();
  return { hits: [...hits.values()], missing: [...missing] };
}

/** Returns the matches of a mention. An exact name takes precedence over the name without punctuation, and that over patterns. */
async function findMention(session: Session, { names }: Mention, signal: AbortSignal): Promise<readonly FoundMention[]> {
  const [first = ''] = names;
  if (isWebAddress(first)) {
    const address = names.at(-1)!;
    if (!URL.canParse(address)) return [];
    return [{ path: address, name: address, real: address, kind: 'address', size: undefined, doubts: [], ...ONE }];
  }
  for (const name of names) {
    const match = await session.services.findPath(name);
    if (match !== undefined) return [{ ...match, name, ...ONE }];
  }
  for (const name of names) {
    const matches = await session.services.findMatches(name, signal);
    if (matches.length > 0) return matches.map((one) => ({ ...one, ...ONE, name: one.path, matches: matches.length }));
  }
  return [];
}

/**
 * Returns the mentions to send: those that the user typed, and those of the others that the user confirms. Throws kind
 * `interrupted` if the user returns to the prompt.
 */
export async function agreedMentions(
  session: Session,
  hits: readonly FoundMention[],
  signal: AbortSignal,
): Promise<ReadonlySet<FoundMention>> {
  const doubtful = hits.filter(({ isTyped, doubts, matches }) => !isTyped || doubts.length > 0 || matches > MOST_UNASKED);
  if (doubtful.length === 0) return new Set(hits);
  const key = await session.services.askKey(
    attachQuestion(doubtful, session.context.terminal.streams.stdout.columns),
    'yn',
    signal,
  );
  if (key === undefined) throw new OrxError('back to the prompt', { kind: 'interrupted', code: 'attach-question' });
  return new Set(key === 'y' ? hits : hits.filter((one) => !doubtful.includes(one)));
}
