import { decimal, type Decimal, parseDecimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import { paidCost } from '../../paid-cost.ts';
import { type CompletionEvent, isVisible } from '../../apis/completion.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../answer/answer.ts';
import { answerFailure } from '../answer/missing.ts';
import type { LaneIdentity } from './lane-plan.ts';
import type { LaneEvent } from './merge-lanes.ts';

/** `waiting` for its first token · `streaming` · `done`: answered · `failed` · `stopped` by the user. The last three are final. */
export type LaneState = 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped';

/**
 * One request of a comparison and its answer so far. `model` is the requested model, `answer.model` the one that answered. Times are
 * milliseconds of a monotonic clock. The metrics of a lane that failed or was stopped are those of that moment.
 */
export interface Lane extends LaneIdentity {
  state: LaneState;
  answer: Answer;
  startedAt: number;
  firstTokenAt?: number | undefined;
  /** When the first text arrived, after any reasoning. */
  firstTextAt?: number | undefined;
  /** When its state became final. */
  endedAt?: number | undefined;
  /** UTF-8 bytes of text and reasoning so far, to estimate the speed while the token count is not known. */
  receivedBytes: number;
  /** Set while a failed attempt waits for its retry. */
  retry?: { error: unknown; dueAt: number } | undefined;
  /** Why the lane failed or was stopped. */
  error?: unknown;
}

/** The state of a comparison; lanes in the order of their numbers, repetitions of a lane together. */
export interface CompareState {
  startedAt: number;
  lanes: readonly Lane[];
}

/** A token is about four bytes of text for most models and languages. */
const BYTES_PER_TOKEN = 4;

export function startCompare(lanes: readonly LaneIdentity[], now: number): CompareState {
  return {
    startedAt: now,
    lanes: lanes.map(({ model, lane, repetition, endpoint, varied }) => ({
      model,
      lane,
      repetition,
      endpoint,
      varied,
      state: 'waiting',
      answer: EMPTY_ANSWER,
      startedAt: now,
      receivedBytes: 0,
    })),
  };
}

/** Returns the state after one more lane event, which arrived at `now`. Pure. */
export function reduceCompare(state: CompareState, change: LaneEvent<CompletionEvent>, now: number): CompareState {
  const lane = state.lanes[change.lane];
  return lane === undefined ? state : { ...state, lanes: state.lanes.with(change.lane, reduceLane(lane, change, now)) };
}

function reduceLane(lane: Lane, change: LaneEvent<CompletionEvent>, now: number): Lane {
  switch (change.type) {
    case 'end': {
      const error = answerFailure(lane.answer);
      const ended = { ...lane, retry: undefined, endedAt: now };
      return error === undefined ? { ...ended, state: 'done' } : { ...ended, state: 'failed', error };
    }
    case 'failure': {
      const isStopped = change.error instanceof OrxError && change.error.kind === 'interrupted';
      const timeToFirstTokenMs = laneTimeToFirstToken(lane);
      const answer = { ...lane.answer, metrics: lane.answer.metrics ?? { timeToFirstTokenMs, durationMs: now - lane.startedAt } };
      const ended = { ...lane, error: change.error, answer, retry: undefined, endedAt: now };
      return { ...ended, state: isStopped ? 'stopped' : 'failed' };
    }
    case 'event':
      return afterEvent(lane, change.event, now);
  }
}

function afterEvent(lane: Lane, event: CompletionEvent, now: number): Lane {
  const answer = reduceAnswer(lane.answer, event);
  if (event.type === 'retry') return { ...lane, answer, retry: { error: event.error, dueAt: now + event.waitMs } };
  if (!isVisible(event)) return answer === lane.answer ? lane : { ...lane, answer };
  return {
    ...lane,
    answer,
    state: 'streaming',
    retry: undefined,
    firstTokenAt: lane.firstTokenAt ?? now,
    firstTextAt: lane.firstTextAt ?? (event.type === 'text-delta' && event.text !== '' ? now : undefined),
    receivedBytes:
      lane.receivedBytes + (event.type === 'text-delta' || event.type === 'reasoning-delta' ? utf8Length(event.text) : 0),
  };
}

/** Returns whether nothing more happens in a lane. */
export function isFinal(lane: Lane): boolean {
  return lane.state === 'done' || lane.state === 'failed' || lane.state === 'stopped';
}

/** Returns the milliseconds to the first visible token; undefined until there is one. */
export function laneTimeToFirstToken(lane: Lane): number | undefined {
  const { metrics } = lane.answer;
  if (metrics !== undefined) return metrics.timeToFirstTokenMs;
  return lane.firstTokenAt === undefined ? undefined : lane.firstTokenAt - lane.startedAt;
}

/** Returns the tokens per second: measured if the API has reported the token count, otherwise estimated from the text so far. */
export function laneThroughput(lane: Lane, now: number): { tokensPerSecond: number; isEstimate: boolean } | undefined {
  const measured = lane.answer.metrics?.throughput;
  if (measured !== undefined) return { tokensPerSecond: measured, isEstimate: false };
  if (lane.answer.metrics !== undefined || lane.firstTokenAt === undefined) return undefined;
  const elapsedMs = now - lane.firstTokenAt;
  // In the first moments, one large chunk would look like thousands of tokens per second.
  if (elapsedMs < 200 || lane.receivedBytes === 0) return undefined;
  return { tokensPerSecond: (lane.receivedBytes / BYTES_PER_TOKEN / elapsedMs) * 1000, isEstimate: true };
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is four bytes, so each half counts as two.
    if (unit >= 0x80) length += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return length;
}

/** Returns the tokens of the answer so far: counted if the API has reported them, otherwise estimated. Undefined before any. */
export function laneTokens({ answer, receivedBytes }: Lane): { tokens: number; isEstimate: boolean } | undefined {
  const counted = answer.usage?.completionTokens;
  if (counted !== undefined) return { tokens: counted, isEstimate: false };
  if (receivedBytes === 0) return undefined;
  return { tokens: Math.max(1, Math.round(receivedBytes / BYTES_PER_TOKEN)), isEstimate: true };
}

/** Returns how long the model has reasoned, in milliseconds, and in how many tokens; undefined without reasoning. */
export function laneReasoning(lane: Lane, now: number): { elapsedMs: number; tokens: number } | undefined {
  const { answer, firstTokenAt, firstTextAt, endedAt } = lane;
  if (answer.reasoning === '' || firstTokenAt === undefined) return undefined;
  // Four bytes of UTF-8 are about four characters of most reasoning; the exact number comes with the usage.
  const tokens = answer.usage?.reasoningTokens ?? Math.max(1, Math.round(answer.reasoning.length / BYTES_PER_TOKEN));
  return { elapsedMs: Math.max(0, (firstTextAt ?? endedAt ?? now) - firstTokenAt), tokens };
}

/** Returns the total cost of a lane's answer in USD; undefined if it is not known. */
export function laneCost({ answer: { usage } }: Lane): Decimal | undefined {
  return parseDecimal(usage && paidCost(usage));
}

/** Returns the cost of all lanes so far in USD. */
export function costSoFar(state: CompareState): Decimal {
  return state.lanes.reduce((sum, lane) => sum.plus(laneCost(lane) ?? 0), decimal(0));
}
