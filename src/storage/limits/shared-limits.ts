import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { shortHash } from '../../text/short-hash.ts';
import { type Owner, thisProcess } from '../files/owner.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import { type LimitWork, LimitFile } from './limit-file.ts';
import {
  admit,
  afterAnswer,
  afterHeadroom,
  afterRefusal,
  currentState,
  expectedWait,
  type Headroom,
  isLess,
  isNews,
  type LimitState,
  type Refusal,
  withoutRequest,
} from './limit-state.ts';

/** The limits of one key and model, as all processes of this machine know them. */
export interface ModelLimit {
  /**
   * Returns how long to wait before asking again, in milliseconds; 0: the request may start. Undefined: nothing is known, and the request need not
   * call `succeed` or `leave`.
   */
  ask: (id: string) => Promise<number | undefined>;
  /**
   * Returns how long a request would have to wait that asked after `ahead` others of this process, in milliseconds; 0: it could start. Undefined:
   * nothing is known. Does not ask: the answer comes from memory, and may be a moment old.
   */
  expect: (ahead: number) => number | undefined;
  /** The request was answered and has ended. */
  succeed: (id: string) => Promise<void>;
  /** The server refused the request for its rate. */
  refuse: (refusal: Refusal) => Promise<void>;
  /** A reply has left few requests within a time. */
  note: (headroom: Headroom) => Promise<void>;
  /** The request has ended without an answer, or is not sent. */
  leave: (id: string) => Promise<void>;
}

export interface SharedLimitsOptions {
  /** Contains a file for each key and model for which something was learned. It exists only then. */
  folder: string;
  /** In milliseconds since 1970. */
  now: () => number;
  /** Default: this process. */
  owner?: Owner | undefined;
}

/** How old the copy in memory may be, in milliseconds. A server looks at it several times for each request. */
const COPY_MS = 200;
/** Clients of a server choose the names of models. */
const MOST_MODELS = 1000;

/**
 * Returns the limits that a server has stated by refusing requests, shared by all processes that use the same folder. `account` identifies the
 * server and the key; only its hash with the model is stored. Never throws: if a file cannot be read or written, the limits apply to this process alone.
 */
export function openSharedLimits(options: SharedLimitsOptions): { of: (account: string) => (model: string) => ModelLimit } {
  const known = new Map<string, ModelLimit>();
  return {
    of: (account) => (model) => {
      const scope = JSON.stringify([account, model]);
      const match = known.get(scope);
      if (match !== undefined) return match;
      if (known.size >= MOST_MODELS) known.clear();
      const limit = new SharedModelLimit(scope, options);
      known.set(scope, limit);
      return limit;
    },
  };
}

class SharedModelLimit implements ModelLimit {
  readonly #scope: string;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #owner: Owner;
  #opened: LimitFile | undefined;
  /** The state of this process alone, after its file could not be used. */
  #own: LimitState | undefined;
  #copy: { state: LimitState | undefined; at: number } | undefined;

  constructor(scope: string, { folder, now, owner = thisProcess() }: SharedLimitsOptions) {
    this.#scope = scope;
    this.#folder = folder;
    this.#now = now;
    this.#owner = owner;
  }

  async ask(id: string): Promise<number | undefined> {
    if (!this.#isLimited()) return undefined;
    let waitMs: number | undefined;
    await this.#update((stored) => {
      waitMs = undefined;
      const current = this.#current(stored);
      if (current === undefined) return undefined;
      const { pid, isRunning: isAlive } = this.#owner;
      const admitted = admit(current, { id, pid, now: this.#now(), isAlive });
      ({ waitMs } = admitted);
      return admitted.state;
    });
    if (waitMs === undefined) tried(() => rmdirSync(this.#folder));
    return waitMs;
  }

  expect(ahead: number): number | undefined {
    const now = this.#now();
    // After a clock was set back, the copy is in the future.
    if (this.#copy === undefined || Math.abs(now - this.#copy.at) >= COPY_MS)
      this.#copy = { state: this.#own ?? tried(() => this.#file.look()), at: now };
    const current = this.#current(this.#copy.state);
    return current && expectedWait(current, ahead, now);
  }

  async succeed(id: string): Promise<void> {
    if (this.#isLimited()) await this.#update((stored) => stored && afterAnswer(withoutRequest(stored, id)));
  }

  async refuse(refusal: Refusal): Promise<void> {
    const known = this.#current(this.#copy?.state);
    // A server that refuses many requests at once says the same many times.
    if (known !== undefined && !isNews(known, refusal, this.#now())) return;
    tried(() => makePrivateFolder(this.#folder));
    await this.#update((stored) => afterRefusal(this.#current(stored), refusal, this.#now()));
  }

  async note(headroom: Headroom): Promise<void> {
    const known = this.#current(this.#copy?.state);
    if (known !== undefined && !isLess(known, headroom, this.#now())) return;
    tried(() => makePrivateFolder(this.#folder));
    await this.#update((stored) => afterHeadroom(this.#current(stored), headroom, this.#now()));
  }

  async leave(id: string): Promise<void> {
    if (this.#isLimited()) await this.#update((stored) => stored && withoutRequest(stored, id));
  }

  get #file(): LimitFile {
    return (this.#opened ??= new LimitFile(join(this.#folder, `${hashOf(this.#scope)}.json`)));
  }

  #isLimited(): boolean {
    return this.#own !== undefined || tried(() => this.#file.exists()) === true;
  }

  #current(state: LimitState | undefined): LimitState | undefined {
    return state && currentState(state, this.#now(), this.#owner.isRunning);
  }

  async #update(work: LimitWork): Promise<void> {
    const state = this.#own === undefined ? await this.#changeFile(work) : (this.#own = work(this.#own));
    this.#copy = { state, at: this.#now() };
  }

  async #changeFile(work: LimitWork): Promise<LimitState | undefined> {
    try {
      return await this.#file.change(work);
    } catch {
      return (this.#own = work(undefined));
    }
  }
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Two keys with the same hash would share a limit. A cryptographic hash would load `node:crypto` before each request. */
function hashOf(scope: string): string {
  return shortHash(scope) + shortHash(`limit ${scope}`);
}
