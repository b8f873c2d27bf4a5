import { type AnswerSink, type CompletionEvent, isVisible, type PushCompletion } from '../../apis/completion.ts';
import { type AllAttempts, allAttempts } from './all-attempts.ts';
import { isBilled } from './billed.ts';
import { PacedAttempt } from './paced-attempt.ts';
import { type RetryOptions, waitBefore } from './retry.ts';

/** Does for pushed answers what retry.ts does. */
export function pushRetry(push: PushCompletion, options: RetryOptions): PushCompletion {
  return async (request, call, sink) => {
    const { monotonic, sleep, random } = options;
    const { signal } = call;
    const startedAt = monotonic();
    const leftMs = (): number => options.longestMs - (monotonic() - startedAt);
    const limit = options.limitOf?.(request.model);
    let attempts: AllAttempts | undefined;
    const seeBilled = (): void => {
      const billed = attempts?.unseenUsage();
      if (billed !== undefined) sink.see({ type: 'usage', usage: billed });
    };
    for (let attempt = 1; ; attempt += 1) {
      const paced = new PacedAttempt(limit, options, signal);
      let shown: ShownAttempt | undefined;
      try {
        for await (const event of paced.take(leftMs())) sink.see(event);
        // The times of an answer begin with its first attempt: nothing was sent before.
        if (attempts === undefined) attempts = allAttempts(monotonic);
        else attempts.begin();
        shown = new ShownAttempt(attempts, sink);
        await push(request, limit === undefined ? call : { ...call, onHeadroom: paced.note }, shown);
        await paced.succeed();
        return;
      } catch (error) {
        await paced.fail(error);
        const pending = shown?.pending ?? [];
        const isFinal = shown?.hasShown === true || attempt > options.retries || pending.some(isBilled);
        const waitMs = isFinal ? undefined : waitBefore(error, attempt, leftMs(), random);
        if (waitMs === undefined) {
          for (const event of pending) sink.see(event);
          seeBilled();
          throw error;
        }
        attempts?.endFailed(pending);
        sink.see({ type: 'retry', attempt, error, waitMs });
        try {
          await sleep(waitMs, signal);
        } catch (stopped) {
          seeBilled();
          throw stopped;
        }
      } finally {
        await paced.end();
      }
    }
  };
}

/** Holds the events until the first visible one, so that only the attempt that answers reports a model. */
class ShownAttempt implements AnswerSink {
  readonly ready: AnswerSink['ready'];
  hasShown = false;
  pending: CompletionEvent[] = [];
  readonly #attempts: AllAttempts;
  readonly #sink: AnswerSink;

  constructor(attempts: AllAttempts, sink: AnswerSink) {
    this.#attempts = attempts;
    this.#sink = sink;
    this.ready = sink.ready === undefined ? undefined : () => sink.ready!();
  }

  see(one: CompletionEvent): void {
    const event = this.#attempts.see(one);
    if (this.hasShown || event.type === 'heartbeat') return this.#sink.see(event);
    this.pending.push(event);
    if (!isVisible(event) && event.type !== 'response-end') return;
    this.hasShown = true;
    for (const held of this.pending.splice(0)) this.#sink.see(held);
  }
}
