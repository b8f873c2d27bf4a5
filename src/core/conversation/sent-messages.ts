import type { Message } from '../../providers/completion.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';

/** What stands before a summary, so that the model knows what it reads. */
export const SUMMARY_HEADING = 'Summary of the conversation so far, whose messages are left out:';

/** A kept message that is sent, and the place it is kept at; none for a summary. */
export interface SentMessage {
  place: number | undefined;
  message: Message;
  /** Tokens that the API counted up to the end of this answer: all that was sent, and the answer. */
  tokensSoFar?: number | undefined;
}

/**
 * The messages of a conversation, and those that are `asked` now, as the next request sends them. What is left out on purpose is (before `sentFrom`; a summary stands for it),
 * and what would make no sense: questions whose answer failed or was stopped before it began, an answer that is still being written
 * elsewhere, and calls of tools that nothing came back for. Nothing else is left out, and the order stays.
 */
export function sentMessages(
  stored: readonly StoredMessage[],
  { sentFrom, summary }: Pick<Conversation, 'sentFrom' | 'summary'> = {},
  asked: readonly StoredMessage[] = [],
): SentMessage[] {
  const turns = turnsOf([...stored.filter(({ place }) => sentFrom === undefined || place >= sentFrom), ...asked]);
  const kept = turns.flatMap((turn, index) => sentTurn(turn, asked.length > 0 && index === turns.length - 1));
  if (summary === undefined) return kept;
  return [{ place: undefined, message: { role: 'user', content: `${SUMMARY_HEADING}\n\n${summary}` } }, ...kept];
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
  const sent = turn.flatMap((one, index): SentMessage[] => {
    if (one.message.role !== 'assistant') return [sentOf(one)];
    if (one.state === 'streaming') return [];
    const answer = withoutOpenEnds(one, turn.slice(index + 1));
    return isEmpty(answer) ? [] : [sentOf({ ...one, message: answer })];
  });
  return isOpen || sent.some(({ message }) => message.role === 'assistant') ? sent.filter(hasItsCall) : [];
}

function sentOf({ place, message, usage }: StoredMessage): SentMessage {
  if (usage === undefined) return { place, message };
  // Thoughts that are not sent back take no room.
  const unsent = message.reasoningDetails === undefined ? (usage.reasoningTokens ?? 0) : 0;
  return { place, message, tokensSoFar: usage.promptTokens + usage.completionTokens - unsent };
}

/** An answer without calls that no result follows, and, where it broke off, without reasoning details that may be cut. */
function withoutOpenEnds({ message, state }: StoredMessage, after: readonly StoredMessage[]): Message {
  const { toolCalls, reasoningDetails, ...rest } = message;
  const end = after.findIndex((one) => one.message.role !== 'tool');
  const results = new Set(after.slice(0, end === -1 ? undefined : end).map((one) => one.message.toolCallId));
  const isAnswered = toolCalls?.every(({ id }) => results.has(id)) === true;
  return {
    ...rest,
    ...(isAnswered && toolCalls.length > 0 && { toolCalls }),
    ...(reasoningDetails !== undefined &&
      (isAnswered || (toolCalls === undefined && state === 'complete')) && { reasoningDetails }),
  };
}

function isEmpty({ content, toolCalls }: Message): boolean {
  return content.length === 0 && toolCalls === undefined;
}

// The result of a call that is not sent would answer nothing.
function hasItsCall({ message }: SentMessage, _: number, turn: readonly SentMessage[]): boolean {
  if (message.role !== 'tool') return true;
  return turn.some((one) => one.message.toolCalls?.some(({ id }) => id === message.toolCallId) === true);
}
