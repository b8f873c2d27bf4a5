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

/** Collects statistics of requests. `now` is in milliseconds since 1970. */
export class ActivityLog implements RequestObserver {
  readonly #now: () => number;
  readonly #targets = new Map<string, TargetActivity>();
  #recent: ServedRequest[] = [];
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
    sums.cost = sums.cost.plus(usage?.cost ?? 0).plus(hedgeCost ?? 0);
    sums.inputTokens += usage?.promptTokens ?? 0;
    sums.outputTokens += usage?.completionTokens ?? 0;
    if (usage !== undefined) this.#rates.push({ at: this.#now(), tokens: usage.completionTokens });
    // rate() removes old entries, but it may never be called.
    if (this.#rates.length > MOST_RATES) this.#rates.splice(0, MOST_RATES / 2);
    this.#recent = [request, ...this.#recent.slice(0, RECENT - 1)];
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
    return { ...this.#sums, targets: this.#targets, recent: this.#recent };
  }

  #count(name: string, { usage, failure, isStreamed, timeToFirstTokenMs: first, durationMs }: ServedRequest): void {
    const known = this.#targets.get(name);
    if (known === undefined && this.#targets.size >= MOST_TARGETS) return;
    const before = known ?? { name, requests: 0, failures: 0, cost: decimal(0), firstTokens: [], outputTokens: 0, streamedMs: 0 };
    const hasSpeed = isStreamed === true && first !== undefined && usage !== undefined;
    this.#targets.set(name, {
      ...before,
      requests: before.requests + 1,
      failures: before.failures + (failure === undefined ? 0 : 1),
      lastFailure: failure ?? before.lastFailure,
      cost: before.cost.plus(usage?.cost ?? 0),
      firstTokens: first === undefined ? before.firstTokens : [...before.firstTokens.slice(1 - SAMPLES), first],
      outputTokens: before.outputTokens + (hasSpeed ? usage.completionTokens : 0),
      streamedMs: before.streamedMs + (hasSpeed ? Math.max(0, durationMs - first) : 0),
    });
  }
}
