import { messageText, type Message } from '../../apis/message.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { expectedTokens } from '../tokens/learned-ratio.ts';
import { isPlain } from '../tokens/token-margin.ts';
import { turnsOf, type SentMessage } from './sent-messages.ts';

/** The frame of a message costs some tokens with every model. */
const FRAME_TOKENS = 4;
/** An image or a page costs about so much; what it is cannot be told from its address. */
const MEDIA_TOKENS = 1000;
/** Without room for this many an answer is none. */
const LEAST_ANSWER_TOKENS = 64;
/** The least that an estimate may stand for: only what does not fit even then is refused. Other letters than Latin ones are estimated less well. */
const LEAST_SHARE = { plain: 0.6, other: 0.4 };
/** One token can stand for a long run of the same character, which orx's estimate counts as many. */
const LONG_RUN = /(.)\1{15,}/gsu;
/** What a provider may add to a prompt, tools and its own instructions, where nobody says how long the context is. */
const MOST_ADDED = 1_000_000;
const MOST_FRAME_TOKENS = 16;
/** Bytes of a character (UTF-16 unit), each of which can be a token; and characters that a token stands for at most, on average. */
const MOST_BYTES = 3;
const MOST_CHARACTERS = 40;
/** So much of the context is filled again after old turns were dropped: dropping with every turn would leave no cache warm. */
const FILL_AGAIN = 0.7;

/** How full a context is, in tokens. */
export interface ContextUse {
  /** What the next request will take, as well as is known. */
  used: number;
  /** The least that it will take: what the API counted, and a lower bound for the rest. */
  least: number;
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
  /** What the ledger has learned about this family of models. */
  learned?: Calibration | undefined;
}

/** What the API counted for the last answer, and an estimate of what follows it. */
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
  // Overhead comes once a request, and is part of what was counted.
  const expected = expectedTokens({ text, extra }, last === -1 ? learned : learned && { ...learned, overhead: 0 });
  const used = counted + expected;
  // Looking for long runs takes time, and matters only where it decides something.
  const least = limit === undefined || used <= limit ? counted : counted + leastTokens(rest);
  return { used, least, counted, contextLength, limit };
}

/** Whether it surely does not fit. */
export function exceedsContext({ least, limit }: ContextUse): boolean {
  return limit !== undefined && least > limit;
}

/** Whether it probably does not fit: that is worth a warning, and refuses nothing. */
export function seemsTooLong({ used, limit }: ContextUse): boolean {
  return limit !== undefined && used > limit;
}

/** Place of the last message whose count by the API can be true; -1 for none. Providers have reported 0, and figures that no context holds. */
function lastCounted(messages: readonly SentMessage[], { contextLength, system = '' }: ContextOptions): number {
  let length = system.length;
  const lengths = messages.map(({ message }) => (length += lengthOf(message)));
  return messages.findLastIndex(({ tokensSoFar }, index) => {
    if (tokensSoFar === undefined) return false;
    const most = lengths[index]! * MOST_BYTES + (index + 1) * MOST_FRAME_TOKENS;
    return tokensSoFar * MOST_CHARACTERS >= lengths[index]! && tokensSoFar <= Math.max(most, contextLength ?? most + MOST_ADDED);
  });
}

/** Characters of the text of a message and its calls. */
function lengthOf({ content, toolCalls = [] }: Message): number {
  const parts = typeof content === 'string' ? [content] : content.map((part) => (part.type === 'text' ? part.text : ''));
  return [...parts, ...toolCalls.map((call) => call.arguments)].reduce((sum, text) => sum + text.length, 0);
}

/** Fewer tokens than this the text of messages hardly has; media may count for nothing. */
function leastTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => {
    const text = messageText(message);
    const share = isPlain(text) ? LEAST_SHARE.plain : LEAST_SHARE.other;
    return sum + Math.floor(estimateTokens(text.replaceAll(LONG_RUN, '$1')) * share);
  }, 0);
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
    if (limit === undefined || use.used <= limit * FILL_AGAIN || (isLast && !exceedsContext(use)))
      return { messages: rest, droppedTurns: dropped, from: rest[0]?.place };
  }
  return undefined;
}

function uncounted({ place, message }: SentMessage): SentMessage {
  return { place, message };
}

/** About how many tokens a message takes. */
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
