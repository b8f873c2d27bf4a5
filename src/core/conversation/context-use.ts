import { messageText, type Message } from '../../providers/completion.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { turnsOf, type SentMessage } from './sent-messages.ts';

/** The frame of a message costs some tokens with every model. */
const FRAME_TOKENS = 4;
/** A picture or a page costs about so much; what it is cannot be told from its address. */
const MEDIA_TOKENS = 1000;
/** Without room for this many an answer is none. */
const LEAST_ANSWER_TOKENS = 64;
/** How much an estimate may be above the truth: only what does not fit even then is said not to. */
const ESTIMATE_SLACK = 0.85;
/** So much of the context is filled again after old turns were dropped: dropping with every turn would leave no cache warm. */
const FILL_AGAIN = 0.7;

/** How full a context is, in tokens. */
export interface ContextUse {
  /** What the next request will take, as well as is known. */
  used: number;
  /** Part of `used` that the API itself counted. */
  counted: number;
  /** What fits, an answer of the wanted length left out; undefined: not known. */
  limit: number | undefined;
  /** The model's whole context. */
  contextLength: number | undefined;
}

export interface ContextOptions {
  contextLength: number | undefined;
  system?: string | undefined;
  /** Longest answer that is asked for. */
  maxTokens?: number | undefined;
  /** Real tokens for each estimated one, as the ledger has learned it for this family of models. Default 1. */
  ratio?: number | undefined;
}

/** What the API counted for the last answer, and an estimate of what follows it. */
export function contextUse(messages: readonly SentMessage[], options: ContextOptions): ContextUse {
  const { contextLength, maxTokens = LEAST_ANSWER_TOKENS, ratio = 1, system } = options;
  const last = messages.findLastIndex(({ tokensSoFar }) => tokensSoFar !== undefined);
  const counted = last === -1 ? 0 : messages[last]!.tokensSoFar!;
  const rest = messages.slice(last + 1).reduce((sum, { message }) => sum + tokensOf(message), 0);
  const unsaid = last === -1 && system !== undefined ? estimateTokens(system) + FRAME_TOKENS : 0;
  return {
    used: counted + Math.ceil((rest + unsaid) * ratio),
    counted,
    contextLength,
    limit: contextLength === undefined ? undefined : Math.max(0, contextLength - Math.min(maxTokens, contextLength / 2)),
  };
}

/** Whether it surely does not fit: an estimate that may be wrong refuses nothing. */
export function isTooLong({ used, counted, limit }: ContextUse): boolean {
  return limit !== undefined && counted + (used - counted) * ESTIMATE_SLACK > limit;
}

/** Share of the context that is used, 0 to 1 and above; undefined when its length is not known. */
export function filledShare({ used, contextLength }: ContextUse): number | undefined {
  return contextLength === undefined || contextLength <= 0 ? undefined : used / contextLength;
}

/** The messages without their oldest turns, so that they fit again with some room; undefined when the last turn alone is too long. */
export function dropOldest(
  messages: readonly SentMessage[],
  options: ContextOptions,
): { messages: SentMessage[]; droppedTurns: number; from: number | undefined } | undefined {
  const { limit } = contextUse(messages, options);
  const turns = turnsOf(messages);
  for (let dropped = limit === undefined ? 0 : 1; dropped < turns.length; dropped += 1) {
    // What was counted was counted with what is dropped now.
    const rest = turns.slice(dropped).flat().map(uncounted);
    const use = contextUse(rest, options);
    const isLast = dropped === turns.length - 1;
    if (limit === undefined || use.used <= limit * FILL_AGAIN || (isLast && !isTooLong(use)))
      return { messages: rest, droppedTurns: dropped, from: rest[0]?.place };
  }
  return undefined;
}

function uncounted({ place, message }: SentMessage): SentMessage {
  return { place, message };
}

/** About how many tokens a message takes. */
export function tokensOf(message: Message): number {
  const media = typeof message.content === 'string' ? 0 : message.content.filter(({ type }) => type !== 'text').length;
  const calls = message.toolCalls === undefined ? '' : JSON.stringify(message.toolCalls);
  return estimateTokens(messageText(message)) + estimateTokens(calls) + media * MEDIA_TOKENS + FRAME_TOKENS;
}
