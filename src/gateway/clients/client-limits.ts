import type { ClientKey } from '../../storage/client-keys.ts';
import type { LogReplica, SharedLog } from '../../storage/shared-log.ts';
import { clientRateLimited, type RateLimit } from './client-errors.ts';
import { ClientWindows, limitLine, type LimitVerdict } from './client-windows.ts';

/** One request of a client under its limits. */
export interface LimitedRequest {
  /** The state of its requests-per-minute limit, for the headers of the reply. */
  requests?: RateLimit | undefined;
  /** Adds an estimate of the request's tokens. Throws status 429. Returns a function that replaces it with the actual number. */
  countTokens: (estimate: number) => (tokens: number) => void;
  /** Ends the request, whatever its result. */
  release: () => void;
}

type LimitedKey = Pick<ClientKey, 'name' | 'requestsPerMinute' | 'parallelRequests'>;

interface BegunRequest {
  id: string;
  rate?: RateLimit | undefined;
}

const NOTHING_LEFT: RateLimit = { limit: 0, remaining: 0 };

/** Opens the log that gateways with the same client keys share. */
export type OpenLimitLog = (replica: LogReplica) => SharedLog;

/**
 * Limits requests per minute, tokens per minute and parallel requests of each key. With a log, all gateways that use it count together;
 * without one, each process counts alone. Costs are counted in the ledger.
 */
export class ClientLimits {
  readonly #now: () => number;
  readonly #windows = new ClientWindows();
  readonly #openLog: OpenLimitLog;
  #opened: SharedLog | undefined;
  #count = 0;

  constructor(now: () => number, openLog: OpenLimitLog = ownLog) {
    this.#now = now;
    this.#openLog = openLog;
  }

  /** Opened for the first client with limits: most gateways have none. */
  get #log(): SharedLog {
    return (this.#opened ??= this.#openLog(this.#windows));
  }

  /** Begins a request. Throws status 429 if its key may not send one now. */
  begin(key: ClientKey): LimitedRequest {
    const { name, tokensPerMinute, parallelRequests } = key;
    const { id, rate: requests } = this.#begin(key);
    let isReleased = false;
    return {
      requests,
      countTokens: (estimate) =>
        tokensPerMinute === undefined ? () => undefined : this.#countTokens(name, tokensPerMinute, estimate),
      release: () => {
        if (!isReleased && parallelRequests !== undefined) this.#log.tell(limitLine.end(id, name));
        isReleased = true;
      },
    };
  }

  #begin(key: LimitedKey, isAgain = false): BegunRequest {
    const { name, requestsPerMinute: requests, parallelRequests: parallel } = key;
    const id = this.#newId();
    if (requests === undefined && parallel === undefined) return { id };
    const now = this.#now();
    // In the log, a limit of 0 means none.
    if (requests === 0) throw clientRateLimited('requests per minute', NOTHING_LEFT, now);
    if (parallel === 0) throw clientRateLimited('parallel requests', NOTHING_LEFT, now);
    const verdict = this.#verdictOn(limitLine.begin(id, name, now, { requests, parallel }));
    if (verdict.refused === undefined) return { id, rate: verdict.rate };
    if (verdict.refused === 'parallel requests' && !isAgain && this.#dropGone(name)) return this.#begin(key, true);
    throw refused(verdict, now);
  }

  /** Ends the requests of processes that have ended. Returns whether there were any. */
  #dropGone(key: string): boolean {
    const owners = new Set(this.#windows.running(key).map((id) => id.slice(0, id.indexOf('.'))));
    const gone = [...owners].filter((owner) => this.#log.isGone(owner));
    for (const owner of gone) this.#log.tell(limitLine.gone(this.#newId(), key, owner));
    return gone.length > 0;
  }

  #countTokens(key: string, limit: number, estimate: number): (better: number) => void {
    const now = this.#now();
    // The log need not know of a request that never fits.
    if (estimate > limit) {
      const remaining = Math.max(0, limit - this.#windows.tokensOf(key, now));
      throw clientRateLimited('tokens per minute', { limit, remaining }, now);
    }
    const verdict = this.#verdictOn(limitLine.tokens(this.#newId(), key, now, limit, estimate));
    if (verdict.refused !== undefined) throw refused(verdict, now);
    let counted = estimate;
    return (better) => {
      if (better === counted) return;
      this.#log.tell(limitLine.correct(this.#newId(), key, verdict.at, better - counted));
      counted = better;
    };
  }

  #verdictOn(line: string): LimitVerdict {
    return this.#windows.verdictOn(line, (one) => this.#log.append(one));
  }

  #newId(): string {
    this.#count += 1;
    return `${this.#log.owner}.${this.#count}`;
  }
}

function refused({ refused: what, rate }: Extract<LimitVerdict, { refused: string }>, now: number): Error {
  return clientRateLimited(what, rate, now);
}

/** Returns the log of a process that counts alone. */
function ownLog(replica: LogReplica): SharedLog {
  const apply = (line: string): void => replica.apply(line);
  return { owner: 'own', append: apply, tell: apply, isGone: () => false, close: () => undefined };
}
