import type { ChatRequest, CompletionEvent, StreamCompletion, StreamOptions } from '../../src/apis/completion.ts';
import type { Model } from '../../src/apis/catalogue.ts';
import { pushOf } from '../../src/apis/push-events.ts';
import { LimitQueue } from '../../src/core/routing/limit-queue.ts';
import { pushRoute } from '../../src/core/routing/push-route.ts';
import { route } from '../../src/core/routing/route.ts';
import { Router } from '../../src/core/routing/router.ts';
import { NO_TABLE, type RoutingTable, type Target, type TargetGroup } from '../../src/core/routing/target.ts';
import { type ErrorFacts, OrxError } from '../../src/errors.ts';
import type { ModelLimit } from '../../src/storage/limits/shared-limits.ts';

/** A step of a script: an event, a failure, or a pause in milliseconds. */
export type Step = CompletionEvent | OrxError | number;

export const answerOf = (model: string, cost = '0.25'): Step[] => [
  { type: 'response-start', id: '1', model },
  { type: 'text-delta', text: `from ${model}` },
  { type: 'usage', usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cost, wire: {} } },
  { type: 'metrics', metrics: { timeToFirstTokenMs: 10, durationMs: 30, throughput: 50 } },
  { type: 'response-end', finishReason: 'stop' },
];

export const failure = (message: string, facts: Partial<ErrorFacts> = {}): OrxError =>
  new OrxError(message, { kind: 'provider', ...facts });
export const LIMITED = failure('slow down', { kind: 'rate-limit', status: 429, isRetryable: true });
export const DOWN = failure('down', { status: 503, isRetryable: true });

export function target(model: string, more: Partial<Target> = {}): Target {
  return { id: model, model, weight: 1, order: 0, limits: {}, rates: {}, facts: {}, ...more };
}

export function group(name: string, targets: readonly (Target | string)[], more: Partial<TargetGroup> = {}): TargetGroup {
  return {
    name,
    targets: targets.map((one) => (typeof one === 'string' ? target(one) : one)),
    strategy: 'order',
    fallbacks: [],
    ...more,
  };
}

export function tableOf(groups: readonly TargetGroup[], more: Partial<RoutingTable> = {}): RoutingTable {
  return { ...NO_TABLE, groups: new Map(groups.map((one) => [one.name, one])), ...more };
}

export const question = (model: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  model,
  messages: [{ role: 'user', content: 'hi' }],
  stream: true,
  ...more,
});

/** A clock that advances when everything is waiting for it: the shortest sleep ends first. */
export class ManualClock {
  now = 0;
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();
  #isDriven = false;

  readonly monotonic = (): number => this.now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const sleeper = {
        until: this.now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.add(sleeper);
      if (!this.#isDriven) void this.#drive();
    });

  async #drive(): Promise<void> {
    this.#isDriven = true;
    while (this.#sleepers.size > 0) {
      // Work that needs no time runs first.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const [next] = [...this.#sleepers].toSorted((one, other) => one.until - other.until);
      if (next === undefined) break;
      this.now = Math.max(this.now, next.until);
      next.wake();
    }
    this.#isDriven = false;
  }
}

export interface Asked {
  request: ChatRequest;
  options: StreamOptions | undefined;
  at: number;
  /** Reason of the abort, if it was aborted. */
  ended: 'complete' | 'failed' | 'left' | unknown;
}

/** Returns a router over models that answer from their scripts: the first script for the first request, the last one for all later requests. */
export function scriptedTargets(
  table: RoutingTable,
  scripts: Readonly<Record<string, readonly (readonly Step[])[]>>,
  {
    models = {},
    random = () => 0.5,
    limitsOf,
  }: {
    models?: Readonly<Record<string, Model>>;
    random?: () => number;
    /** Returns the limits that a model shares with other processes, with the time of the clock. */
    limitsOf?: (model: string, now: () => number) => ModelLimit | undefined;
  } = {},
) {
  const clock = new ManualClock();
  const asked: Asked[] = [];
  const counts = new Map<string, number>();
  const inner: StreamCompletion = async function* (request, options) {
    const count = counts.get(request.model) ?? 0;
    counts.set(request.model, count + 1);
    const one: Asked = { request, options, at: clock.now, ended: 'left' };
    asked.push(one);
    const all = scripts[request.model]!;
    try {
      for (const step of all[Math.min(count, all.length - 1)]!) {
        if (step instanceof OrxError) throw step;
        if (typeof step === 'number') await clock.sleep(step, options?.signal);
        else yield step;
      }
      one.ended = 'complete';
    } catch (error) {
      one.ended = options?.signal?.aborted === true ? options.signal.reason : 'failed';
      throw error;
    }
  };
  const queues = new Map<string, LimitQueue | undefined>();
  const limitOf = (model: string): LimitQueue | undefined => {
    if (!queues.has(model)) {
      const limit = limitsOf?.(model, clock.monotonic);
      const queueClock = { monotonic: clock.monotonic, sleep: clock.sleep, random: Math.random };
      queues.set(model, limit && new LimitQueue(limit, queueClock));
    }
    return queues.get(model);
  };
  const router = new Router({ monotonic: clock.monotonic, random, findModel: async (name) => models[name], limitOf }, table);
  const pushed = pushRoute(pushOf({ streamCompletion: inner }), inner, router, {
    monotonic: clock.monotonic,
    sleep: clock.sleep,
    random,
  });
  const stream = route(inner, router, { monotonic: clock.monotonic, sleep: clock.sleep, random });
  const gather = async (
    read: (see: (event: CompletionEvent) => void) => Promise<void>,
  ): Promise<{ events: CompletionEvent[]; error: OrxError | undefined; text: string }> => {
    const events: CompletionEvent[] = [];
    let error: OrxError | undefined;
    try {
      await read((event) => void events.push(event));
    } catch (thrown) {
      error = thrown as OrxError;
    }
    return { events, error, text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('') };
  };
  const ask = (request: ChatRequest, options?: StreamOptions) =>
    gather(async (see) => {
      for await (const event of stream(request, options)) see(event);
    });
  const askPushed = (request: ChatRequest, options: StreamOptions = {}) => gather((see) => pushed(request, options, { see }));
  return { clock, asked, router, stream, ask, askPushed, order: () => asked.map(({ request }) => request.model) };
}
