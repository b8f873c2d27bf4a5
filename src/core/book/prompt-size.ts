import type { ChatRequest } from '../../providers/completion.ts';
import type { Calibration } from '../../storage/ledger/ledger.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';

/** Tokens of a prompt before anybody has counted them. */
export interface PromptSize {
  /** By orx's own counter alone: what calibration is learned from. */
  estimated: number;
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
 * on bytes.
 */
export function promptSize(request: ChatRequest, calibration: Calibration | undefined): PromptSize {
  const { messages, extra } = request;
  // Pictures, tools and schemas travel in fields that orx passes on: their text is counted, which is more than they cost.
  const passedOn = extra === undefined ? '' : JSON.stringify(extra);
  let estimated = estimateTokens(passedOn);
  let bytes = Buffer.byteLength(passedOn);
  for (const { content } of messages) {
    estimated += estimateTokens(content) + FRAME_TOKENS;
    bytes += Buffer.byteLength(content) + MOST_FRAME_TOKENS;
  }
  const isLearned = calibration !== undefined && calibration.samples >= LEAST_SAMPLES;
  const factor = isLearned ? Math.max(calibration.high, calibration.ratio) * LEARNED_FACTOR : BLIND_FACTOR;
  return {
    estimated,
    expected: Math.ceil(estimated * (calibration?.ratio ?? 1)),
    most: Math.min(bytes, Math.ceil(estimated * factor)) + SLACK_TOKENS,
  };
}
