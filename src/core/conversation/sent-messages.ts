import { type Message, messageText } from '../../apis/message.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { normalizeMessages } from '../request/replay/normalize-request.ts';

/** Precedes a summary, so that the model recognizes it. */
export const SUMMARY_HEADING = 'Summary of the conversation so far, whose messages are left out:';

/** Replaces a spoken answer without a transcript, whose audio cannot be sent back. */
const SOUND_ALONE = '[audio]';

/** A stored message to send, and its place in the store; undefined for a summary. */
export interface SentMessage {
  place: number | undefined;
  message: Message;
  /** Tokens that the API counted up to the end of this answer: everything sent, and the answer. */
  tokensSoFar?: number | undefined;
}

/**
 * Returns the messages of the next request: those of the conversation and the new ones in `asked`. It omits messages before `sentFrom` (a
 * summary replaces them), attempts that did not replace an earlier answer, answers that another process is still writing, and questions without
 * an answer. The order stays. core/request/replay converts them to the form that providers accept.
 */
export function sentMessages(
  stored: readonly StoredMessage[],
  { sentFrom, summary }: Pick<Conversation, 'sentFrom' | 'summary'>,
  asked: readonly StoredMessage[] = [],
): SentMessage[] {
  const wanted = stored.filter(({ place, isLeftOut }) => isLeftOut !== true && (sentFrom === undefined || place >= sentFrom));
  const turns = turnsOf([...wanted, ...asked]);
  const saved = turns.flatMap((turn, index) => sentTurn(turn, asked.length > 0 && index === turns.length - 1));
  if (summary === undefined) return saved;
  return [{ place: undefined, message: { role: 'user', content: `${SUMMARY_HEADING}\n\n${summary}` } }, ...saved];
}

/** Splits messages into turns: a question, which may be several messages, and everything up to the next question. */
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

/** A turn that has ended without an answer is not sent. */
function sentTurn(turn: readonly StoredMessage[], isOpen: boolean): SentMessage[] {
  const sent = turn.filter(({ state }) => state !== 'streaming').map(sentOf);
  return isOpen || isAnswered(sent.map(({ message }) => message)) ? sent : [];
}

function isAnswered(turn: readonly Message[]): boolean {
  // normalizeMessages inserts a user message before a turn without a question; that does not count as an answer.
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

/** Returns an incomplete answer without its calls, which never ran, and its reasoning parts, which may be truncated. */
function withoutOpenEnds(message: Message): Message {
  const { toolCalls: _, reasoningParts: __, ...rest } = message;
  return rest;
}
