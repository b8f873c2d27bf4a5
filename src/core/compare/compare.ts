import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import { answerFailure } from '../answer/missing.ts';
import { chatRequest } from '../request/chat-request.ts';
import type { LanePlan } from './lane-plan.ts';
import { type CompareState, reduceCompare, startCompare } from './state.ts';
import { type LaneEvent, mergeLanes } from './merge-lanes.ts';

export interface CompareOptions {
  /** What each lane sends, in display order. */
  plans: readonly LanePlan[];
  stream: StreamCompletion;
  /** Milliseconds. */
  monotonic: () => number;
  signal?: AbortSignal | undefined;
  /** Signals that stop one lane each, in the order of the lanes. */
  stops?: readonly AbortSignal[] | undefined;
  /** See StreamOptions. */
  gatherMs?: number | undefined;
}

/** One step of a comparison: the event, and the state after it. */
export interface CompareStep {
  change: LaneEvent<CompletionEvent>;
  state: CompareState;
}

/**
 * Sends all requests at once and yields a step for every event of every lane as it arrives. A failure ends its lane and is never thrown; an
 * answer without the requested form is a failure. After an abort, each lane that is still running ends as stopped, and the generator ends soon
 * after.
 */
export async function* compare({
  plans,
  stream,
  monotonic,
  signal,
  stops,
  gatherMs,
}: CompareOptions): AsyncGenerator<CompareStep> {
  let state = startCompare(plans, monotonic());
  const lanes = plans.map((plan) => (ends: AbortSignal) => stream(laneRequest(plan), { signal: ends, gatherMs }));
  for await (const arrived of mergeLanes(lanes, signal, stops)) {
    const change = checked(arrived, plans[arrived.lane]!, state);
    state = reduceCompare(state, change, monotonic());
    yield { change, state };
  }
}

/** Returns the request of a lane. */
export function laneRequest({ model, messages, settings, overrides }: LanePlan): ChatRequest {
  return chatRequest(messages, settings, { ...overrides, model });
}

function checked(
  change: LaneEvent<CompletionEvent>,
  { checkAnswer }: LanePlan,
  { lanes }: CompareState,
): LaneEvent<CompletionEvent> {
  if (change.type !== 'end' || checkAnswer === undefined) return change;
  const { answer } = lanes[change.lane]!;
  const error = answerFailure(answer) === undefined ? checkAnswer(answer.text) : undefined;
  return error === undefined ? change : { type: 'failure', lane: change.lane, error };
}
