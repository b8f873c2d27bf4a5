import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { isAnswer } from './last-answer.ts';

/** An attempt to answer the last turn anew. The turn itself stays until the attempt has succeeded. */
export interface Replacement {
  /** Place of the first message of the turn that is to be replaced. */
  from: number;
  /** Place of the first message of the attempt; undefined until it is asked. */
  until: number | undefined;
}

/** What becomes of a turn and of the attempt to replace it. */
export interface Settled {
  stored: readonly StoredMessage[];
  /** `replaced`: the attempt stands in place of the turn. `stored`: it is stored beside, and not sent. `removed`: it was empty. */
  outcome: 'replaced' | 'stored' | 'removed';
}

/** Returns the messages that count while the attempt runs: those before the turn, and its own. */
export function withReplacement(
  stored: readonly StoredMessage[],
  replacement: Replacement | undefined,
): readonly StoredMessage[] {
  if (replacement === undefined) return stored;
  const { from, until = Infinity } = replacement;
  return stored.filter(({ place }) => place < from || place >= until);
}

/** A failed attempt never takes the place of an answer; one that said something was paid for, and is stored too. */
export function settle(
  stored: readonly StoredMessage[],
  { from, until }: { from: number; until: number },
  succeeded: boolean,
): Settled {
  const attempt = stored.filter(({ place }) => place >= until);
  const isWorthMore = stored.some((one) => one.place >= from && one.place < until && isAnswer(one));
  if (succeeded || !isWorthMore) return { stored: withReplacement(stored, { from, until }), outcome: 'replaced' };
  if (!attempt.some(isAnswer)) return { stored: stored.filter(({ place }) => place < until), outcome: 'removed' };
  return { stored: stored.map((one) => (one.place < until ? one : { ...one, isLeftOut: true })), outcome: 'stored' };
}
