import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { graceMs, stoppingLine } from '../stopping.ts';

/**
 * The requests that run at this moment. After Ctrl-C nothing further is sent, and running requests get some seconds to end. If
 * nobody reads the output, they get none.
 */
export class RunningBatches {
  readonly #isQuiet: boolean;
  readonly #context: Context;
  readonly #over = new AbortController();
  readonly #cancel = new AbortController();
  /** Aborted when the command has its results. */
  readonly #ended = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor({ isQuiet }: { isQuiet: boolean }, context: Context) {
    this.#isQuiet = isQuiet;
    this.#context = context;
  }

  /** Aborted when nothing further is sent. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Aborted when running requests are canceled. */
  get canceled(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Begins to watch for an interrupt. */
  listen(): void {
    const { interrupt } = this.#context.lifetime;
    const stop = (): void => this.#stop(interrupt.reason);
    if (interrupt.aborted) stop();
    else interrupt.addEventListener('abort', stop, { once: true });
  }

  /** Returns the result of a request, which never rejects. It counts as running until then. */
  async add<Result>(request: Promise<Result>): Promise<Result> {
    this.#running.add(request);
    const result = await request;
    this.#running.delete(request);
    return result;
  }

  sendNoMore(): void {
    this.#over.abort();
  }

  /** Resolves when no request runs any more. The command has its results then. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#ended.abort();
  }

  #stop(reason: unknown): void {
    this.sendNoMore();
    const cancel = (): void => this.#cancel.abort(reason);
    const isUnread = reason instanceof OrxError && reason.code === 'EPIPE';
    if (isUnread || this.#running.size === 0) return cancel();
    const { terminal, clock } = this.#context;
    if (!this.#isQuiet) terminal.streams.stderr.write(stoppingLine(this.#running.size, reason));
    void clock.sleep(graceMs(reason), this.#ended.signal).then(cancel, () => undefined);
  }
}
