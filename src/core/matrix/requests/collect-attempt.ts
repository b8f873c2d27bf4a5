import type { Api } from '../../../apis/api.ts';
import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../../apis/completion.ts';
import { pushOf } from '../../../apis/push-events.ts';
import { collectAnswer, type Outcome } from '../../answer/collect.ts';
import { AnswerGatherer } from '../../answer/gather.ts';
import { answerFailure } from '../../answer/missing.ts';
import { goesThroughList } from '../../pipeline/fallback.ts';
import { PacedAttempt } from '../../pipeline/paced-attempt.ts';
import { pushedAttempt, type PushedAttemptOptions } from '../../pipeline/pushed-attempt.ts';
import type { RetryOptions } from '../../pipeline/retry.ts';

export interface CollectOptions
  extends PushedAttemptOptions, Pick<RetryOptions, 'limitOf' | 'longestMs' | 'random' | 'sleep' | 'monotonic'> {
  api: Api;
  /** For requests whose models orx asks one after the other: all stages, without retries. */
  stream: StreamCompletion;
}

/**
 * Returns how to make one attempt whose answer is only needed as a whole. The events are pushed through the stages: generators
 * around each other would take a tenth of the processor time of a short answer. Never rejects.
 */
export function attemptCollector(options: CollectOptions): (request: ChatRequest, signal: AbortSignal) => Promise<Outcome> {
  const { api, stream, limitOf, longestMs } = options;
  const push = pushedAttempt(api, pushOf(api), options);
  return async (request, signal) => {
    if (goesThroughList(request)) return collectAnswer(stream(request, { signal }), () => undefined);
    const gathered = new AnswerGatherer();
    const sink = { see: (event: CompletionEvent) => gathered.see(event) };
    const limit = limitOf?.(request.model);
    const paced = new PacedAttempt(limit, options, signal);
    try {
      for await (const event of paced.take(longestMs)) sink.see(event);
      await push(request, limit === undefined ? { signal } : { signal, onHeadroom: paced.note }, sink);
      await paced.succeed();
      const answer = gathered.answer();
      const failure = answerFailure(answer);
      return failure === undefined ? { answer } : { answer, error: failure };
    } catch (error) {
      await paced.fail(error);
      return { answer: gathered.answer(), error };
    } finally {
      await paced.end();
    }
  };
}
