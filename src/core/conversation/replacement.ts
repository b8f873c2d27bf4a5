import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { isAnswer } from './last-answer.ts';

/** An attempt to answer the last turn again. The turn itself stays until the attempt has succeeded. */
export interface Replacement {
  /** Place of the first message of the turn to replace. */
  from: number;
  /** Place of the first message of the attempt; undefined until its request starts. */
  until: number | undefined;
}

/** The result of an attempt to replace a turn. */
export interface Settled {
  stored: readonly StoredMessage[];
  /**
   * `replaced`: the attempt replaced the turn. `stored`: the attempt is stored in addition, but not sent. `removed`: the attempt was empty and
   * was deleted.
   */
  outcome: 'replaced' | 'stored' | 'removed';
}

/** Returns the messages that count during the attempt: those before the turn, and those of the attempt. */
export function withReplacement(
  stored: readonly StoredMessage[],
  replacement: Replacement | undefined,
): readonly StoredMessage[] {
  if (replacement === undefined) return stored;
  const { from, until = Infinity } = replacement;
  return stored.filter(({ place }) => place < from || place >= until);
}

/** Ends an attempt. A failed attempt never replaces an answer; if it has output, which was paid for, it is stored as well. */
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
