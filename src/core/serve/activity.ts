import { decimal, type Decimal } from '../../decimal.ts';
import type { ErrorClass } from './error-class.ts';
import type { RequestObserver, ServedRequest } from './served-request.ts';

/** Number of most recent requests that are kept. */
const RECENT = 200;
/** Period over which the token rate is averaged. */
const RATE_MS = 10_000;
/** Most answers that the token rate keeps. */
const MOST_RATES = 20_000;
/** Most targets that are counted: their names come from outside. */
const MOST_TARGETS = 100;
const SAMPLES = 100;

/** Statistics of one target. */
export interface TargetActivity {
  name: string;
  requests: number;
  failures: number;
  lastFailure?: ErrorClass | undefined;
  cost: Decimal;
  /** Milliseconds to the first token of its most recent answers. */
  firstTokens: readonly number[];
  /** Output tokens of all its streamed answers. */
  outputTokens: number;
  /** Total time that these answers streamed. */
  streamedMs: number;
}

/** Statistics of the gateway since it started. */
export interface Activity {
  startedAt: number;
  /** Requests in progress. */
  active: number;
  requests: number;
  failures: number;
  cost: Decimal;
  inputTokens: number;
  outputTokens: number;
  /** In the order of their first request. */
  targets: ReadonlyMap<string, TargetActivity>;
  /** The most recent finished requests, newest first. */
  recent: readonly ServedRequest[];
}

/** The statistics of a target as they are counted. `firstTokens` may have more samples than are shown. */
interface CountedTarget extends Omit<TargetActivity, 'firstTokens'> {
  firstTokens: number[];
}

/** Collects statistics of requests. `now` is in milliseconds since 1970. */
export class ActivityLog implements RequestObserver {
  readonly #now: () => number;
  readonly #targets = new Map<string, CountedTarget>();
  /** In the order in which they ended, twice as many as are shown: copying them for each request would cost more than all sums. */
  #ended: ServedRequest[] = [];
  #rates: { at: number; tokens: number }[] = [];
  readonly #sums: Omit<Activity, 'targets' | 'recent'>;

  constructor(now: () => number) {
    this.#now = now;
    this.#sums = { startedAt: now(), active: 0, requests: 0, failures: 0, cost: decimal(0), inputTokens: 0, outputTokens: 0 };
  }

  begin(): void {
    this.#sums.active += 1;
  }

  end(request: ServedRequest): void {
    const sums = this.#sums;
    const { usage, target, model, failure, hedgeCost } = request;
    sums.active -= 1;
    sums.requests += 1;
    if (failure !== undefined) sums.failures += 1;
    if (usage?.cost !== undefined) sums.cost = sums.cost.plus(usage.cost);
    if (hedgeCost !== undefined) sums.cost = sums.cost.plus(hedgeCost);
    sums.inputTokens += usage?.promptTokens ?? 0;
    sums.outputTokens += usage?.completionTokens ?? 0;
    if (usage !== undefined) this.#rates.push({ at: this.#now(), tokens: usage.completionTokens });
    // rate() removes old entries, but it may never be called.
    if (this.#rates.length > MOST_RATES) this.#rates.splice(0, MOST_RATES / 2);
    this.#ended.push(request);
    if (this.#ended.length >= 2 * RECENT) this.#ended = this.#ended.slice(-RECENT);
    const name = target ?? ((request.attempts ?? 0) > 0 ? model : undefined);
    if (name !== undefined) this.#count(name, request);
  }

  /** Returns the output tokens per second over the last ten seconds. */
  rate(): number {
    const from = this.#now() - RATE_MS;
    this.#rates = this.#rates.filter(({ at }) => at >= from);
    return this.#rates.reduce((sum, { tokens }) => sum + tokens, 0) / (RATE_MS / 1000);
  }

  activity(): Activity {
    const targets = new Map<string, TargetActivity>();
    for (const [name, target] of this.#targets) targets.set(name, { ...target, firstTokens: target.firstTokens.slice(-SAMPLES) });
    return { ...this.#sums, targets, recent: this.#ended.slice(-RECENT).toReversed() };
  }

  #count(name: string, { usage, failure, isStreamed, timeToFirstTokenMs: first, durationMs }: ServedRequest): void {
    const target = this.#targets.get(name) ?? this.#newTarget(name);
    if (target === undefined) return;
    target.requests += 1;
    if (failure !== undefined) {
      target.failures += 1;
      target.lastFailure = failure;
    }
    if (usage?.cost !== undefined) target.cost = target.cost.plus(usage.cost);
    if (first !== undefined) {
      target.firstTokens.push(first);
      if (target.firstTokens.length >= 2 * SAMPLES) target.firstTokens = target.firstTokens.slice(-SAMPLES);
    }
    if (isStreamed !== true || first === undefined || usage === undefined) return;
    target.outputTokens += usage.completionTokens;
    target.streamedMs += Math.max(0, durationMs - first);
  }

  #newTarget(name: string): CountedTarget | undefined {
    if (this.#targets.size >= MOST_TARGETS) return undefined;
    const target: CountedTarget = {
      name,
      requests: 0,
      failures: 0,
      lastFailure: undefined,
      cost: decimal(0),
      firstTokens: [],
      outputTokens: 0,
      streamedMs: 0,
    };
    this.#targets.set(name, target);
    return target;
  }
}
