import { type ChatRequest } from '../../apis/completion.ts';
import { type ContentPart, type Message, messageText } from '../../apis/message.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { expectedTokens } from '../tokens/learned-ratio.ts';
import { mediaTokens } from '../tokens/media-tokens.ts';

/** Tokens of a prompt before anybody has counted them. */
export interface PromptSize {
  /** By orx's own counter alone. */
  estimated: number;
  /** Part of `estimated` that is not message text: media, tools, schemas. */
  extra: number;
  /** What is expected, with what was learned of the model's family. */
  expected: number;
  /** More than this it hardly can be. */
  most: number;
}

/** The frame of a message costs some tokens with every model: roles, marks between messages. */
const FRAME_TOKENS = 4;
const MOST_FRAME_TOKENS = 16;
/** Fewer real counts say too little about the next one. */
const LEAST_SAMPLES = 20;
/** How far off an estimate may be that nothing was learned about, and one that something was. */
const BLIND_FACTOR = 2;
const LEARNED_FACTOR = 1.2;
const SLACK_TOKENS = 32;

/**
 * How large the prompt of a request is. `most` is never more than its bytes: a token stands for a byte at least, in every tokenizer that works
 * on bytes; media are counted apart, and so is the overhead that a provider was seen to add.
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

/** Tools, schemas and what orx passes on: their text is counted, which is more than they cost. */
function fieldsText({ extra, tools, responseFormat, plugins }: ChatRequest): string {
  return [extra, tools, responseFormat, plugins].map((field) => (field === undefined ? '' : JSON.stringify(field))).join('');
}

function messageFields({ toolCalls, reasoningParts, annotations }: Message): string {
  return [toolCalls, reasoningParts, annotations].map((field) => (field === undefined ? '' : JSON.stringify(field))).join('');
}
