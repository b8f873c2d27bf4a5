import { type Message, messageText } from '../../apis/message.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { normalizeMessages } from '../request/replay/normalize-request.ts';

/** What stands before a summary, so that the model knows what it reads. */
export const SUMMARY_HEADING = 'Summary of the conversation so far, whose messages are left out:';

/** Stands for a spoken answer that came without a transcript: its audio cannot be sent back. */
const SOUND_ALONE = '[audio]';

/** A stored message that is sent, and the place it is stored at; none for a summary. */
export interface SentMessage {
  place: number | undefined;
  message: Message;
  /** Tokens that the API counted up to the end of this answer: all that was sent, and the answer. */
  tokensSoFar?: number | undefined;
}

/**
 * Returns the messages of a conversation, and those that are `asked` now, that the next request is made of. Left out are what stands before
 * `sentFrom` (a summary stands for it), attempts that did not replace an earlier answer, answers that are still being written elsewhere, and
 * questions that got no answer. The order stays. core/replay gives them the form that providers accept.
 */
export function sentMessages(
  stored: readonly StoredMessage[],
  { sentFrom, summary }: Pick<Conversation, 'sentFrom' | 'summary'> = {},
  asked: readonly StoredMessage[] = [],
): SentMessage[] {
  const wanted = stored.filter(({ place, isLeftOut }) => isLeftOut !== true && (sentFrom === undefined || place >= sentFrom));
  const turns = turnsOf([...wanted, ...asked]);
  const saved = turns.flatMap((turn, index) => sentTurn(turn, asked.length > 0 && index === turns.length - 1));
  if (summary === undefined) return saved;
  return [{ place: undefined, message: { role: 'user', content: `${SUMMARY_HEADING}\n\n${summary}` } }, ...saved];
}

/** A turn: a question, perhaps of several messages, and all that followed until the next question. */
export function turnsOf<M extends { message: Message }>(messages: readonly M[]): M[][] {
  const turns: M[][] = [];
  let before: Message['role'] | undefined;
  for (const one of messages) {
    const { role } = one.message;
    const isQuestion = role === 'user' && before !== 'user';
    if (isQuestion || turns.length === 0) turns.push([one]);
    else turns.at(-1)!.push(one);
    before = role;
  }
  return turns;
}

/** A turn that is over and has no answer is not sent. */
function sentTurn(turn: readonly StoredMessage[], isOpen: boolean): SentMessage[] {
  const sent = turn.filter(({ state }) => state !== 'streaming').map(sentOf);
  return isOpen || isAnswered(sent.map(({ message }) => message)) ? sent : [];
}

function isAnswered(turn: readonly Message[]): boolean {
  // Where a turn begins without a question, one is put before it: that is no answer.
  return normalizeMessages(turn, '').some(({ role }) => role === 'assistant');
}

function sentOf({ place, message: saved, usage, state, model, images, audio = [] }: StoredMessage): SentMessage {
  const isSoundAlone = audio.length > 0 && messageText(saved).trim() === '';
  const message: Message = {
    ...(state === 'complete' ? saved : withoutOpenEnds(saved)),
    ...(isSoundAlone && { content: SOUND_ALONE }),
    ...(images !== undefined && { images }),
    ...(saved.role === 'assistant' && model !== undefined && { answeredBy: model }),
  };
  if (usage === undefined) return { place, message };
  // Reasoning that is not sent back takes no room.
  const unsent = message.reasoningParts === undefined ? (usage.reasoningTokens ?? 0) : 0;
  return { place, message, tokensSoFar: usage.promptTokens + usage.completionTokens - unsent };
}

/** An answer that broke off, without its calls, which never ran, and its reasoning parts, which may be cut. */
function withoutOpenEnds(message: Message): Message {
  const { toolCalls: _, reasoningParts: __, ...rest } = message;
  return rest;
}
