import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { isAnswer } from './last-answer.ts';

/** What answered: a model at a provider. */
export interface AnsweredBy {
  model: string;
  /** Display name. */
  provider: string;
}

/** Returns what gave the last answer of a conversation; undefined if it has none, or its provider is not known. */
export function lastEndpoint(stored: readonly StoredMessage[]): AnsweredBy | undefined {
  const last = stored.findLast((one) => one.isLeftOut !== true && isAnswer(one));
  return last?.model === undefined || last.provider === undefined ? undefined : { model: last.model, provider: last.provider };
}
