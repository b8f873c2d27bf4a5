import { type ChatRequest } from '../../apis/completion.ts';
import { type ContentPart, type Message, messageText } from '../../apis/message.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { expectedTokens } from '../tokens/learned-ratio.ts';
import { mediaTokens } from '../tokens/media-tokens.ts';

/** The estimated tokens of a prompt before it is sent. */
export interface PromptSize {
  /** By orx's own estimate alone. */
  estimated: number;
  /** Part of `estimated` that is not message text: media, tools, schemas. */
  extra: number;
  /** The expected number, with what the ledger has learned about the model's family. */
  expected: number;
  /** A number that the prompt hardly ever exceeds. */
  most: number;
}

/** Every model adds some tokens per message: roles, and marks between messages. */
const FRAME_TOKENS = 4;
const MOST_FRAME_TOKENS = 16;
/** Fewer real counts say too little about the next one. */
const LEAST_SAMPLES = 20;
/** How far an estimate may be off if nothing was learned about the family, and if something was. */
const BLIND_FACTOR = 2;
const LEARNED_FACTOR = 1.2;
const SLACK_TOKENS = 32;

/**
 * Returns the estimated size of a request's prompt. `most` never exceeds the bytes of the text: in every tokenizer that works on bytes, a token
 * represents at least one byte. Media are counted separately, and so is the overhead that a provider was seen to add.
 */
export function promptSize(request: ChatRequest, learned: Calibration | undefined): PromptSize {
  let bytes = 0;
  const media = { expected: 0, most: 0 };
  const tokensOf = (text: string): number => {
    bytes += Buffer.byteLength(text);
    return estimateTokens(text);
  };
  let fields = tokensOf(fieldsText(request));
  let text = 0;
  for (const message of request.messages) {
    text += tokensOf(messageText(message)) + FRAME_TOKENS;
    fields += tokensOf(messageFields(message));
    bytes += MOST_FRAME_TOKENS;
    for (const part of mediaOf(message)) {
      const { expected, most } = mediaTokens(part);
      media.expected += expected;
      media.most += most;
    }
  }
  const isLearned = learned !== undefined && learned.samples >= LEAST_SAMPLES;
  const factor = isLearned ? learned.high * LEARNED_FACTOR : BLIND_FACTOR;
  const extra = fields + media.expected;
  return {
    estimated: text + extra,
    extra,
    expected: expectedTokens({ text, extra }, learned),
    most: Math.min(bytes, Math.ceil((text + fields) * factor)) + media.most + SLACK_TOKENS + (learned?.overhead ?? 0),
  };
}

function mediaOf({ content, images = [] }: Message): readonly Exclude<ContentPart, { type: 'text' }>[] {
  const parts = typeof content === 'string' ? [] : content.filter((part) => part.type !== 'text');
  return [...parts, ...images.map((url) => ({ type: 'image' as const, url }))];
}

/** Returns the text of tools, schemas and passed-on fields. Its count is higher than what they actually cost. */
function fieldsText({ extra, tools, responseFormat, plugins }: ChatRequest): string {
  return [extra, tools, responseFormat, plugins].map((field) => (field === undefined ? '' : JSON.stringify(field))).join('');
}

function messageFields({ toolCalls, reasoningParts, annotations }: Message): string {
  return [toolCalls, reasoningParts, annotations].map((field) => (field === undefined ? '' : JSON.stringify(field))).join('');
}
