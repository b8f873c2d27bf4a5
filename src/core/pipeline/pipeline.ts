import type { Api } from '../../apis/api.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { fallback } from './fallback.ts';
import { measure } from './measure.ts';
import { price, type PriceStageOptions } from './price.ts';
import { retry, type RetryOptions } from './retry.ts';

export interface PipelineOptions extends RetryOptions, PriceStageOptions {
  /** Records one attempt: core/budget/record.ts, or nothing where nothing is recorded. */
  record: (stream: StreamCompletion) => StreamCompletion;
}

/**
 * How orx asks an API: `fallback(retry(record(measure(price(api)))))`. Every attempt has its own times, its own cost and its own entry in the ledger; a
 * consumer sees one answer, with the cost and the time of all attempts. An API that routes between providers knows its own costs: one that it
 * does not state is not computed, because the list does not say what the provider it picked charges.
 */
export function pipeline(api: Api, options: PipelineOptions): StreamCompletion {
  const priced = price(api.streamCompletion, options);
  const asked: StreamCompletion = (request, streamOptions) =>
    api.endpoints === undefined || isDirect(request.model)
      ? priced(request, streamOptions)
      : api.streamCompletion(request, streamOptions);
  return fallback(retry(options.record(measure(asked, options.monotonic)), options), options.monotonic);
}
