import { setMaxListeners } from 'node:events';
import type { OrxError } from '../../../errors.ts';

/** What a halt is about: the lane of a request, and the connection that it uses. */
export interface HaltScope {
  connection: string;
  /** Requests of one lane end together when all of them fail. */
  lane: string;
  purpose?: 'judge' | undefined;
}

/** Thrown for a request that was not sent, or not to the end: it has no record, and the next run asks it. */
export class NotAsked extends Error {
  readonly reason: OrxError;

  constructor(reason: OrxError) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Failures in a row, about more than the prompt, after which a lane is not asked any more. */
const MOST_FAILURES = 20;

/** Why a lane, a connection, or the whole run sends no more requests. */
export class RunHalts {
  readonly #halts = new Map<string, OrxError>();
  #stopped: OrxError | undefined;
  readonly #failuresInARow = new Map<string, number>();
  readonly #starts = new AbortController();

  constructor() {
    // Every waiting request listens to it.
    setMaxListeners(0, this.#starts.signal);
  }

  /** Why the whole run has stopped; undefined while it runs. */
  get stopped(): OrxError | undefined {
    return this.#stopped;
  }

  /** Aborted, with NotAsked, when no request may start any more. */
  get signal(): AbortSignal {
    return this.#starts.signal;
  }

  /** Returns why a lane is not asked any more; undefined if it is. */
  of(scope: HaltScope): OrxError | undefined {
    return this.#stopped ?? this.#halts.get(connectionName(scope)) ?? this.#halts.get(laneName(scope));
  }

  /** Throws NotAsked if a lane is not asked any more. */
  check(scope: HaltScope): void {
    const reason = this.of(scope);
    if (reason !== undefined) throw new NotAsked(reason);
  }

  /** Starts no more requests. Running ones continue. */
  stop(reason: OrxError): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = reason;
    this.#starts.abort(new NotAsked(reason));
  }

  /** Asks a lane, its connection or the whole run no more. */
  add(what: 'lane' | 'connection' | 'run', reason: OrxError, scope: HaltScope): void {
    if (what === 'run') return this.stop(reason);
    const name = what === 'lane' ? laneName(scope) : connectionName(scope);
    if (!this.#halts.has(name)) this.#halts.set(name, reason);
  }

  /** Counts a failure that is about more than its prompt. Many in a row halt the lane. */
  countFailure(reason: OrxError, scope: HaltScope): void {
    const failures = (this.#failuresInARow.get(laneName(scope)) ?? 0) + 1;
    this.#failuresInARow.set(laneName(scope), failures);
    if (failures >= MOST_FAILURES) this.add('lane', reason, scope);
  }

  /** A request of the lane was answered. */
  countAnswer(scope: HaltScope): void {
    this.#failuresInARow.delete(laneName(scope));
  }
}

/** A judge is no lane, whatever lanes are called. */
function laneName({ lane, purpose }: HaltScope): string {
  return `${purpose ?? 'lane'} ${lane}`;
}

function connectionName({ connection }: HaltScope): string {
  return `connection ${connection}`;
}
