import type { Api } from '../../apis/api.ts';
import type { PushCompletion, StreamCompletion } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { pushEvents, pushOf } from '../../apis/push-events.ts';
import { fallback, goesThroughList } from './fallback.ts';
import { measure } from './measure.ts';
import { price, type PriceStageOptions } from './price.ts';
import { pushedAttempt, type PushedAttemptOptions } from './pushed-attempt.ts';
import { pushRetry } from './push-retry.ts';
import { retry, type RetryOptions } from './retry.ts';
import { type IsRequested, strictModel } from './strict-model.ts';

export interface PipelineOptions extends RetryOptions, PriceStageOptions {
  /** Records one attempt: core/budget/record.ts, or the stream unchanged if nothing is recorded. */
  record: (stream: StreamCompletion) => StreamCompletion;
  /** Stops the answers of models that were not requested. Undefined: any model may answer. */
  isRequested?: IsRequested | undefined;
}

/**
 * Returns one attempt: `record(measure(price(api)))`, with its own times, cost and ledger entry. An API that routes between providers reports
 * its own costs: if one is missing it is not computed, because the list does not say what the chosen provider charges.
 */
export function attemptStage(
  api: Api,
  options: Pick<PipelineOptions, 'record' | 'isRequested' | 'monotonic' | 'findModel' | 'now'>,
): StreamCompletion {
  const priced = price(api.streamCompletion, options);
  const asked: StreamCompletion = (request, streamOptions) =>
    api.endpoints === undefined || isDirect(request.model)
      ? priced(request, streamOptions)
      : api.streamCompletion(request, streamOptions);
  const { isRequested } = options;
  return options.record(measure(isRequested === undefined ? asked : strictModel(asked, isRequested), options.monotonic));
}

/**
 * Returns orx's stages around an API: `fallback(retry(record(measure(price(api)))))`. A consumer sees one answer, with the cost and the time of
 * all attempts. The gateway uses core/routing/route.ts in place of the two outer stages.
 */
export function pipeline(api: Api, options: PipelineOptions): StreamCompletion {
  return fallback(retry(attemptStage(api, options), options), options.monotonic);
}

/**
 * Does the same for an answer that is pushed: each generator around an answer costs time per event. `stream` is the same pipeline for requests
 * whose models orx asks one after the other, and for those whose answering model is checked: their events are pulled.
 */
export function pushPipeline(
  api: Api,
  stream: StreamCompletion,
  { openRecord, isRequested, ...options }: Omit<PipelineOptions, 'record'> & Pick<PushedAttemptOptions, 'openRecord'>,
): PushCompletion {
  const push = pushRetry(pushedAttempt(api, pushOf(api), { ...options, openRecord }), options);
  return (request, call, sink) =>
    isRequested !== undefined || goesThroughList(request) ? pushEvents(stream(request, call), sink) : push(request, call, sink);
}
