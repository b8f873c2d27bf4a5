import { messageText, type Message } from '../../apis/message.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { expectedTokens } from '../tokens/learned-ratio.ts';
import { isPlain } from '../tokens/token-margin.ts';
import { turnsOf, type SentMessage } from './sent-messages.ts';

/** Tokens that the frame of a message adds with every model. */
const FRAME_TOKENS = 4;
/** Approximate tokens of an image or a page: the URL does not tell what it contains. */
const MEDIA_TOKENS = 1000;
/** An answer needs room for at least this many tokens. */
const LEAST_ANSWER_TOKENS = 64;
/**
 * The smallest share of the estimate that the real count may be. A request is rejected only if even this does not fit. The estimate is less
 * exact for letters other than Latin ones.
 */
const LEAST_SHARE = { plain: 0.6, other: 0.4 };
/** One token can represent a long run of the same character, which orx's estimate counts as many. */
const LONG_RUN = /(.)\1{15,}/gsu;
/** Most tokens that a provider may add to a prompt (tools and its own instructions), used if the context length is not known. */
const MOST_ADDED = 1_000_000;
const MOST_FRAME_TOKENS = 16;
/** Bytes of a character (UTF-16 unit), each of which can be a token; and most characters that a token represents on average. */
const MOST_BYTES = 3;
const MOST_CHARACTERS = 40;
/** Share of the context that may stay filled after old turns are dropped. Dropping turns at every request would make the cache useless. */
const FILL_AGAIN = 0.7;

/** How full a context is, in tokens. */
export interface ContextUse {
  /** Expected size of the next request. */
  used: number;
  /** The least that the next request takes: what the API counted, and a lower bound for the rest. */
  least: number;
  /** Part of `used` that the API itself counted. */
  counted: number;
  /** The room that an answer of the requested length leaves; undefined if it is not known. */
  limit: number | undefined;
  /** The model's whole context. */
  contextLength: number | undefined;
}

export interface ContextOptions {
  contextLength: number | undefined;
  system?: string | undefined;
  /** Maximum length of the requested answer. */
  maxTokens?: number | undefined;
  /** What the ledger has learned about this family of models. */
  learned?: Calibration | undefined;
}

/** Returns what the API counted up to the last answer, plus an estimate of what follows it. */
export function contextUse(messages: readonly SentMessage[], options: ContextOptions): ContextUse {
  const { contextLength, maxTokens = LEAST_ANSWER_TOKENS, learned, system } = options;
  const last = lastCounted(messages, options);
  const counted = last === -1 ? 0 : messages[last]!.tokensSoFar!;
  const rest = messages.slice(last + 1).map(({ message }) => message);
  if (last === -1 && system !== undefined) rest.push({ role: 'system', content: system });
  const limit = contextLength === undefined ? undefined : Math.max(0, contextLength - Math.min(maxTokens, contextLength / 2));
  const sizes = rest.map(sizeOf);
  const text = sizes.reduce((sum, size) => sum + size.text, 0);
  const extra = sizes.reduce((sum, size) => sum + size.extra, 0);
  // The overhead occurs once per request, and the API's count includes it.
  const expected = expectedTokens({ text, extra }, last === -1 ? learned : learned && { ...learned, overhead: 0 });
  const used = counted + expected;
  // Removing long runs takes time, and is needed only if the request may be too long.
  const least = limit === undefined || used <= limit ? counted : counted + leastTokens(rest);
  return { used, least, counted, contextLength, limit };
}

/** Returns whether the request certainly does not fit. */
export function exceedsContext({ least, limit }: ContextUse): boolean {
  return limit !== undefined && least > limit;
}

/** Returns whether the request probably does not fit. This only causes a warning. */
export function seemsTooLong({ used, limit }: ContextUse): boolean {
  return limit !== undefined && used > limit;
}

/**
 * Returns the index of the last message with a plausible count from the API; -1 if there is none. Providers have reported 0, and counts larger
 * than any context.
 */
function lastCounted(messages: readonly SentMessage[], { contextLength, system = '' }: ContextOptions): number {
  let length = system.length;
  const lengths = messages.map(({ message }) => (length += lengthOf(message)));
  return messages.findLastIndex(({ tokensSoFar }, index) => {
    if (tokensSoFar === undefined) return false;
    const most = lengths[index]! * MOST_BYTES + (index + 1) * MOST_FRAME_TOKENS;
    return tokensSoFar * MOST_CHARACTERS >= lengths[index]! && tokensSoFar <= Math.max(most, contextLength ?? most + MOST_ADDED);
  });
}

/** Returns the characters of a message's text and calls. */
function lengthOf({ content, toolCalls = [] }: Message): number {
  const parts = typeof content === 'string' ? [content] : content.map((part) => (part.type === 'text' ? part.text : ''));
  return [...parts, ...toolCalls.map((call) => call.arguments)].reduce((sum, text) => sum + text.length, 0);
}

/** Returns a lower bound for the tokens of the messages' text; media count as 0. */
function leastTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => {
    const text = messageText(message);
    const share = isPlain(text) ? LEAST_SHARE.plain : LEAST_SHARE.other;
    return sum + Math.floor(estimateTokens(text.replaceAll(LONG_RUN, '$1')) * share);
  }, 0);
}

/** Returns the used share of the context, 0 to 1 or above; undefined if its length is not known. */
export function filledShare({ used, contextLength }: ContextUse): number | undefined {
  return contextLength === undefined || contextLength <= 0 ? undefined : used / contextLength;
}

/** Returns the messages without the oldest turns, so that they fit with some room to spare; undefined if the last turn alone is too long. */
export function dropOldest(
  messages: readonly SentMessage[],
  options: ContextOptions,
): { messages: SentMessage[]; droppedTurns: number; from: number | undefined } | undefined {
  const { limit } = contextUse(messages, options);
  const turns = turnsOf(messages);
  for (let dropped = limit === undefined ? 0 : 1; dropped < turns.length; dropped += 1) {
    // The API's counts include the dropped turns, so they no longer apply.
    const rest = turns.slice(dropped).flat().map(uncounted);
    const use = contextUse(rest, options);
    const isLast = dropped === turns.length - 1;
    if (limit === undefined || use.used <= limit * FILL_AGAIN || (isLast && !exceedsContext(use)))
      return { messages: rest, droppedTurns: dropped, from: rest[0]?.place };
  }
  return undefined;
}

function uncounted({ place, message }: SentMessage): SentMessage {
  return { place, message };
}

/** Returns about how many tokens a message takes. */
export function tokensOf(message: Message): number {
  const { text, extra } = sizeOf(message);
  return text + extra;
}

function sizeOf(message: Message): { text: number; extra: number } {
  const parts = typeof message.content === 'string' ? 0 : message.content.filter(({ type }) => type !== 'text').length;
  const media = parts + (message.images?.length ?? 0);
  const calls = message.toolCalls === undefined ? '' : JSON.stringify(message.toolCalls);
  return {
    text: estimateTokens(messageText(message)) + FRAME_TOKENS,
    extra: estimateTokens(calls) + media * MEDIA_TOKENS,
  };
}
