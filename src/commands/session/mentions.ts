import { type Draft, isPasted } from '../../core/session/draft.ts';
import { type Mention, mentionsOf } from '../../core/session/mentions.ts';
import { OrxError } from '../../errors.ts';
import { attachQuestion } from '../../output/session/attach.ts';
import type { FoundPath } from '../session-services.ts';
import type { Session } from './session.ts';

/** Something that a message names, and that is there. */
export interface FoundMention extends Omit<FoundPath, 'kind'> {
  /** As the message names it. */
  name: string;
  kind: FoundPath['kind'] | 'address';
  /** How many files the same pattern matches; 1: it is no pattern. */
  matches: number;
  /** All that names it was typed, or chosen from a list. */
  isTyped: boolean;
}

/** What a message names. */
export interface FoundMentions {
  hits: readonly FoundMention[];
  /** What looks like a file and is none. */
  missing: readonly string[];
}

const MEDIUM = /\.(png|jpe?g|webp|gif|pdf|wav|mp3|flac|ogg|aac|aiff?|m4a|mp4|mov|webm|mpe?g)$/i;
const FILM_HOST = /(^|\.)(youtube\.com|youtu\.be)$/i;
/** Patterns of one message are given so long together. */
const SEARCH_MS = 3000;
/** A pattern that matches more is asked about: it may be none. */
const MOST_UNASKED = 20;
const ONE = { isTyped: true, matches: 1 };

export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** Whether an address names a medium, as far as it tells. */
export function isMediumAddress(address: string): boolean {
  const { pathname, hostname } = new URL(address);
  return MEDIUM.test(pathname) || FILM_HOST.test(hostname);
}

/** Looks up what a message names. What names nothing is text like any other. */
export async function findMentions(session: Session, draft: Draft, signal: AbortSignal): Promise<FoundMentions> {
  const hits = new Map<string, FoundMention>();
  const missing = new Set<string>();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MS)]);
  const known = new Map<string, Promise<readonly FoundMention[]>>();
  for (const mention of mentionsOf(draft.text)) {
    const [name = ''] = mention.names;
    if (!known.has(name)) known.set(name, findMention(session, mention, deadline));
    const here = await known.get(name)!;
    // An address without its name is text too.
    const bare = mention.names.at(-1)!;
    // A name in a chat begins with the same sign.
    if (here.length === 0 && /[/\\.]/.test(bare)) missing.add(bare);
    const isTyped = !isPasted(draft, mention.start, mention.end);
    for (const one of here) hits.set(one.path, { ...one, isTyped: isTyped && hits.get(one.path)?.isTyped !== false });
  }
  signal.throwIfAborted();
  return { hits: [...hits.values()], missing: [...missing] };
}

/** What stands there exactly comes before what is left without punctuation, and that before patterns. */
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
 * What of it is to be sent: what the user typed, and of the rest what they agree to. Throws kind `interrupted` when they would rather
 * go back to the prompt.
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
