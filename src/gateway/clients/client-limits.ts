import { clientRateLimited, type RateLimit } from './client-errors.ts';
import type { ClientKey } from '../../storage/client-keys.ts';

const WINDOW_MS = 60_000;

/** The amounts of the last minute; older ones are dropped. */
class SlidingWindow {
  readonly #parts: { at: number; amount: number; isOver: boolean }[] = [];
  #first = 0;
  #sum = 0;

  sum(now: number): number {
    while (this.#first < this.#parts.length && this.#parts[this.#first]!.at <= now - WINDOW_MS) {
      const part = this.#parts[this.#first]!;
      part.isOver = true;
      this.#sum -= part.amount;
      this.#first += 1;
    }
    if (this.#first > 1024 && this.#first * 2 > this.#parts.length) {
      this.#parts.splice(0, this.#first);
      this.#first = 0;
    }
    return this.#sum;
  }

  /** Adds an amount. Returns a function that replaces it with a better value. */
  add(now: number, amount: number): (better: number) => void {
    const part = { at: now, amount, isOver: false };
    this.#parts.push(part);
    this.#sum += amount;
    return (better) => {
      if (!part.isOver) this.#sum += better - part.amount;
      part.amount = better;
    };
  }

  /** Returns when so much more fits under the limit. */
  freeAt(now: number, amount: number, limit: number): number {
    let sum = this.sum(now) + amount;
    for (let place = this.#first; place < this.#parts.length && sum > limit; place += 1) {
      sum -= this.#parts[place]!.amount;
      if (sum <= limit) return this.#parts[place]!.at + WINDOW_MS;
    }
    return now;
  }
}

/** The current requests of one client key and those of the last minute, in this process. */
class ClientUse {
  readonly requests = new SlidingWindow();
  readonly tokens = new SlidingWindow();
  parallel = 0;
}

/** One request of a client under its limits. */
export interface LimitedRequest {
  /** The state of its requests-per-minute limit, for the headers of the reply. */
  requests?: RateLimit | undefined;
  /** Adds an estimate of the request's tokens. Throws status 429. Returns a function that replaces it with the actual number. */
  countTokens: (estimate: number) => (tokens: number) => void;
  /** Ends the request, whatever its result. */
  release: () => void;
}

/**
 * Limits requests per minute, tokens per minute and parallel requests of each key. The counts are in the memory of this process:
 * several gateways with the same store count separately. Costs are counted in the ledger, for all of them together.
 */
export class ClientLimits {
  readonly #now: () => number;
  readonly #uses = new Map<string, ClientUse>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins a request. Throws status 429 if its key may not send one now. */
  begin(key: ClientKey): LimitedRequest {
    const { requestsPerMinute, tokensPerMinute, parallelRequests } = key;
    const now = this.#now();
    const use = this.#useOf(key);
    if (parallelRequests !== undefined && use.parallel >= parallelRequests)
      throw clientRateLimited('parallel requests', { limit: parallelRequests, remaining: 0, resetAt: now + 1000 }, now);
    const requests = requestsPerMinute === undefined ? undefined : this.#countRequest(use, requestsPerMinute, now);
    use.parallel += 1;
    let isReleased = false;
    return {
      requests,
      countTokens: (estimate) =>
        tokensPerMinute === undefined ? () => undefined : this.#countTokens(use, tokensPerMinute, estimate),
      release: () => {
        if (!isReleased) use.parallel -= 1;
        isReleased = true;
      },
    };
  }

  #useOf({ name }: ClientKey): ClientUse {
    const known = this.#uses.get(name);
    if (known !== undefined) return known;
    const use = new ClientUse();
    this.#uses.set(name, use);
    return use;
  }

  #countRequest({ requests }: ClientUse, limit: number, now: number): RateLimit {
    const resetAt = requests.freeAt(now, 1, limit);
    if (requests.sum(now) + 1 > limit) throw clientRateLimited('requests per minute', { limit, remaining: 0, resetAt }, now);
    requests.add(now, 1);
    return { limit, remaining: limit - requests.sum(now), resetAt: now + WINDOW_MS };
  }

  #countTokens({ tokens }: ClientUse, limit: number, estimate: number): (better: number) => void {
    const now = this.#now();
    const used = tokens.sum(now);
    if (estimate > limit) throw clientRateLimited('tokens per minute', { limit, remaining: Math.max(0, limit - used) }, now);
    if (used + estimate > limit || used >= limit) {
      const resetAt = tokens.freeAt(now, Math.max(estimate, 1), limit);
      throw clientRateLimited('tokens per minute', { limit, remaining: Math.max(0, limit - used), resetAt }, now);
    }
    return tokens.add(now, estimate);
  }
}
