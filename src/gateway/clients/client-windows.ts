import type { LogReplica } from '../../storage/shared-log.ts';
import type { RateLimit } from './client-errors.ts';

export const WINDOW_MS = 60_000;
/** Amounts that are closer together are one part. */
const PART_MS = 100;
/** A longer request counts as ended. */
const LONGEST_REQUEST_MS = 60 * 60_000;

/** Whether a request may run. `at` is the time with which it was counted. */
export type LimitVerdict = { at: number; refused?: undefined; rate?: RateLimit } | { refused: LimitKind; rate: RateLimit };

export type LimitKind = 'parallel requests' | 'requests per minute' | 'tokens per minute';

/** The lines from which the counts are derived. They contain their time and the limit that applies, so that every process decides the same. */
export const limitLine = {
  /** Begins a request. A limit of 0 means none. */
  begin: (
    id: string,
    key: string,
    now: number,
    { requests = 0, parallel = 0 }: { requests?: number | undefined; parallel?: number | undefined },
  ) => `b ${id} ${key} ${now} ${requests} ${parallel}`,
  tokens: (id: string, key: string, now: number, limit: number, estimate: number) => `t ${id} ${key} ${now} ${limit} ${estimate}`,
  /** Corrects the tokens that were counted at a time. */
  correct: (id: string, key: string, at: number, more: number) => `c ${id} ${key} ${at} ${more}`,
  end: (id: string, key: string) => `e ${id} ${key}`,
  /** A process has ended without ending its requests. */
  gone: (id: string, key: string, owner: string) => `g ${id} ${key} ${owner}`,
};

interface Part {
  first: number;
  /** The time of the last amount. The part leaves the window with it. */
  at: number;
  amount: number;
}

/** The amounts of the last minute. */
class SlidingWindow {
  #parts: Part[] = [];
  #sum = 0;

  sum(now: number): number {
    let over = 0;
    while (over < this.#parts.length && this.#parts[over]!.at <= now - WINDOW_MS) this.#sum -= this.#parts[over++]!.amount;
    if (over > 0) this.#parts.splice(0, over);
    return this.#sum;
  }

  /** Returns whether nothing was added in the last minute. Amounts of 0, and those that were corrected to it, also decide which amounts are one part. */
  isEmpty(now: number): boolean {
    this.sum(now);
    return this.#parts.length === 0;
  }

  /** Returns the time with which the amount counts: processes may add to it in another order. */
  add(now: number, amount: number): number {
    const last = this.#parts.at(-1);
    const at = Math.max(now, last?.at ?? 0);
    this.#sum += amount;
    if (last !== undefined && at - last.first < PART_MS) Object.assign(last, { at, amount: last.amount + amount });
    else this.#parts.push({ first: at, at, amount });
    return at;
  }

  correct(at: number, more: number): void {
    const part = this.#parts.find((one) => one.at >= at);
    if (part === undefined || part.first > at) return;
    part.amount += more;
    this.#sum += more;
  }

  /** Returns when so much more fits under the limit. */
  freeAt(now: number, amount: number, limit: number): number {
    let sum = this.sum(now) + amount;
    for (const part of this.#parts) {
      if (sum <= limit) break;
      sum -= part.amount;
      if (sum <= limit) return part.at + WINDOW_MS;
    }
    return now;
  }

  get parts(): readonly (readonly number[])[] {
    return this.#parts.map(({ first, at, amount }) => [first, at, amount]);
  }

  set parts(parts: readonly (readonly number[])[]) {
    this.#parts = parts.map(([first = 0, at = 0, amount = 0]) => ({ first, at, amount }));
    this.#sum = this.#parts.reduce((sum, { amount }) => sum + amount, 0);
  }
}

/** What one client key uses. */
class KeyUse {
  readonly requests = new SlidingWindow();
  readonly tokens = new SlidingWindow();
  /** When each request in progress began, by its id. */
  readonly running = new Map<string, number>();

  isIdle(now: number): boolean {
    this.dropLost(now);
    return this.running.size === 0 && this.requests.isEmpty(now) && this.tokens.isEmpty(now);
  }

  dropLost(now: number): void {
    for (const [id, at] of this.running) {
      if (at > now - LONGEST_REQUEST_MS) return;
      this.running.delete(id);
    }
  }
}

type SnapshotOfKey = [
  name: string,
  requests: readonly (readonly number[])[],
  tokens: readonly (readonly number[])[],
  running: [string, number][],
];

/** The counts of all client keys. The same lines in the same order give the same counts and verdicts, in every process. */
export class ClientWindows implements LogReplica {
  readonly #uses = new Map<string, KeyUse>();
  #now = 0;
  #asked = '';
  #verdict: LimitVerdict | undefined;

  /** Returns the verdict on a line that `append` has applied. */
  verdictOn(line: string, append: (line: string) => void): LimitVerdict {
    this.#asked = line;
    this.#verdict = undefined;
    append(line);
    this.#asked = '';
    if (this.#verdict === undefined) throw new Error('the line was not applied');
    return this.#verdict;
  }

  /** Returns the ids of the requests of a key that are in progress. */
  running(key: string): readonly string[] {
    return [...(this.#uses.get(key)?.running.keys() ?? [])];
  }

  tokensOf(key: string, now: number): number {
    return this.#uses.get(key)?.tokens.sum(now) ?? 0;
  }

  apply(line: string): void {
    const verdict = this.#applied(line.split(' '));
    if (line === this.#asked) this.#verdict = verdict;
  }

  snapshot(): string {
    const keys = [...this.#uses]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .filter(([, use]) => !use.isIdle(this.#now))
      .map(([name, { requests, tokens, running }]): SnapshotOfKey => [name, requests.parts, tokens.parts, [...running]]);
    return JSON.stringify({ now: this.#now, keys });
  }

  restore(snapshot: string): void {
    this.#uses.clear();
    if (snapshot === '') return;
    const { now, keys } = JSON.parse(snapshot) as { now: number; keys: readonly SnapshotOfKey[] };
    this.#now = now;
    for (const [name, requests, tokens, running] of keys) {
      const use = this.#useOf(name);
      use.requests.parts = requests;
      use.tokens.parts = tokens;
      for (const [id, at] of running) use.running.set(id, at);
    }
  }

  #applied([kind, id = '', key = '', ...rest]: readonly string[]): LimitVerdict | undefined {
    if (key === '') return undefined;
    const use = this.#useOf(key);
    if (kind === 'e') use.running.delete(id);
    if (kind === 'g') for (const one of use.running.keys()) if (one.startsWith(`${rest[0]}.`)) use.running.delete(one);
    const [first = 0, second = 0, third = 0] = rest.map(Number);
    if (![first, second, third].every(Number.isFinite)) return undefined;
    if (kind === 'c') use.tokens.correct(first, second);
    if (kind !== 'b' && kind !== 't') return undefined;
    this.#now = Math.max(this.#now, first);
    return kind === 'b' ? begin(use, id, first, second, third) : countTokens(use, first, second, third);
  }

  #useOf(key: string): KeyUse {
    const known = this.#uses.get(key);
    if (known !== undefined) return known;
    const use = new KeyUse();
    this.#uses.set(key, use);
    return use;
  }
}

function begin(use: KeyUse, id: string, now: number, limit: number, parallel: number): LimitVerdict {
  const { requests, running } = use;
  use.dropLost(now);
  if (parallel > 0 && running.size >= parallel)
    return { refused: 'parallel requests', rate: { limit: parallel, remaining: 0, resetAt: now + 1000 } };
  const rate = limit === 0 ? undefined : countRequest(requests, now, limit);
  if (rate !== undefined && rate.remaining < 0) return { refused: 'requests per minute', rate: { ...rate, remaining: 0 } };
  if (parallel > 0) running.set(id, now);
  return { at: now, ...(rate !== undefined && { rate }) };
}

/** Returns a remaining amount below 0 if there is no room. */
function countRequest(requests: SlidingWindow, now: number, limit: number): RateLimit {
  if (requests.sum(now) + 1 > limit) return { limit, remaining: -1, resetAt: requests.freeAt(now, 1, limit) };
  requests.add(now, 1);
  return { limit, remaining: limit - requests.sum(now), resetAt: now + WINDOW_MS };
}

function countTokens({ tokens }: KeyUse, now: number, limit: number, estimate: number): LimitVerdict {
  const used = tokens.sum(now);
  if (used + estimate <= limit && used < limit) return { at: tokens.add(now, estimate) };
  const resetAt = tokens.freeAt(now, Math.max(estimate, 1), limit);
  return { refused: 'tokens per minute', rate: { limit, remaining: Math.max(0, limit - used), resetAt } };
}
