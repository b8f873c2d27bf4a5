import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import { chatRequest } from '../request/chat-request.ts';
import { type CompareState, reduceCompare, startCompare } from './state.ts';
import { type LaneEvent, mergeLanes } from './merge-lanes.ts';

export interface CompareOptions {
  /** The models to compare, one lane each, in display order. */
  models: readonly string[];
  messages: readonly Message[];
  settings: RequestSettings & RoutingSettings;
  stream: StreamCompletion;
  /** Milliseconds. */
  monotonic: () => number;
  signal?: AbortSignal | undefined;
}

/** One step of a comparison: the event, and the state after it. */
export interface CompareStep {
  change: LaneEvent<CompletionEvent>;
  state: CompareState;
}

/**
 * Sends the request to all models at once and yields a step for every event of every lane as it arrives. A failure ends its lane and is never
 * thrown. After an abort, each lane that is still running ends as stopped, and the generator ends soon after.
 */
export async function* compare(options: CompareOptions): AsyncGenerator<CompareStep> {
  const { models, messages, settings, stream, monotonic } = options;
  let state = startCompare(models, monotonic());
  const lanes = models.map((model) => (signal: AbortSignal) => stream(chatRequest(messages, settings, { model }), { signal }));
  for await (const change of mergeLanes(lanes, options.signal)) {
    state = reduceCompare(state, change, monotonic());
    yield { change, state };
  }
}
