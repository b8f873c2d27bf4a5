import { setMaxListeners } from 'node:events';
import { decimal, type Decimal, parseDecimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import { paidCost } from '../../paid-cost.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import type { Outcome } from '../answer/collect.ts';
import { backoffMs } from '../pipeline/backoff.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { answerRecord } from './answer-record.ts';
import { attemptVerdict, isAboutPrompt } from './attempt-verdict.ts';
import { requestHash } from './request-hash.ts';
import type { SpendingLimit } from './spending-limit.ts';

/** What a run needs to send requests. */
export interface RequestRunnerOptions {
  journal: Pick<MatrixJournal, 'has' | 'read' | 'append'>;
  /** Makes one attempt. Never rejects. The answer ends soon after an abort. */
  attempt: (request: ChatRequest, signal: AbortSignal) => Promise<Outcome>;
  /** Returns how many requests a connection takes at the start and at most. */
  limitOf: (connection: string) => { start: number; most: number };
  /** Retries of a request that fails for other reasons than its rate. */
  retries: number;
  /** How long a request may take with all of its attempts and waits, in milliseconds. */
  patienceMs: number;
  /** Limits the cost of the run; undefined: no limit. */
  spending?: SpendingLimit | undefined;
  /** Returns the highest possible cost of an attempt, for `spending`. */
  mostCost: (request: ChatRequest) => Promise<Decimal>;
  now: () => number;
  /** Milliseconds. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  random: () => number;
}

/** Where a request goes, and what it is for. */
export interface AskOptions {
  connection: string;
  /** Requests of one lane end together when all of them fail. */
  lane: string;
  address: string;
  repetition: number;
  purpose?: 'judge' | undefined;
}

/** The right to send one attempt. */
export interface Ticket {
  limit: AdaptiveLimit;
  /** Money that is reserved for it. */
  reserved: Decimal | undefined;
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

/**
 * Sends the requests of a run. A request whose answer is in the journal is not sent; two equal requests are sent once. Every answer
 * is in the journal before anybody sees it.
 */
export class RequestRunner {
  readonly #options: RequestRunnerOptions;
  readonly #limits = new Map<string, AdaptiveLimit>();
  /** Why no request is sent any more: by the names of lanes and connections, or for all. */
  readonly #halts = new Map<string, OrxError>();
  #halt: OrxError | undefined;
  readonly #failuresInARow = new Map<string, number>();
  readonly #pending = new Map<string, Promise<AnswerRecord>>();
  readonly #running = new Set<AbortController>();
  /** Aborted when no request may start any more. */
  readonly #starts = new AbortController();
  #sent = 0;

  constructor(options: RequestRunnerOptions) {
    this.#options = options;
    // Every waiting request listens to it.
    setMaxListeners(0, this.#starts.signal);
  }

  /** Number of requests that run at this moment. */
  get running(): number {
    return this.#running.size;
  }

  /** Number of attempts so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Milliseconds until a connection continues that a server has asked to wait; 0 if none is paused. */
  get pauseMs(): number {
    return Math.max(0, ...[...this.#limits.values()].map(({ pauseMs }) => pauseMs));
  }

  /** Why the whole run has stopped; undefined while it runs. */
  get stopped(): OrxError | undefined {
    return this.#halt;
  }

  /** Returns why a lane is not asked any more; undefined if it is. */
  haltOf({ lane, connection }: Pick<AskOptions, 'lane' | 'connection'>): OrxError | undefined {
    return this.#halt ?? this.#halts.get(`connection ${connection}`) ?? this.#halts.get(`lane ${lane}`);
  }

  /** Starts no more requests. Running ones continue. */
  stop(reason: OrxError): void {
    if (this.#halt !== undefined) return;
    this.#halt = reason;
    this.#starts.abort(new NotAsked(reason));
  }

  /** Ends running requests. Their answers are not stored. */
  cancel(): void {
    for (const attempt of this.#running) attempt.abort(new OrxError('stopped', { kind: 'interrupted' }));
  }

  /** Ends the waits of paused connections. */
  close(): void {
    for (const limit of this.#limits.values()) limit.close();
  }

  keyOf(request: ChatRequest, { address, repetition }: Pick<AskOptions, 'address' | 'repetition'>): string {
    return requestHash(request, address, repetition);
  }

  /** Returns whether a request needs to be sent: it is neither stored nor running. */
  isMissing(key: string): boolean {
    return !this.#options.journal.has(key) && !this.#pending.has(key);
  }

  /**
   * Waits until the connection and the budget take another request, and returns the ticket for `ask`. Throws NotAsked if it must
   * not be sent.
   */
  async admit(request: ChatRequest, options: AskOptions): Promise<Ticket> {
    return this.#enter(request, options, false);
  }

  /**
   * Returns the answer of a request, or the record of its failure. Throws NotAsked for one that was not sent, and what the journal
   * throws if it cannot be written.
   */
  async ask(key: string, request: ChatRequest, options: AskOptions, ticket?: Ticket): Promise<AnswerRecord> {
    const { journal } = this.#options;
    const stored = journal.has(key) ? journal.read(key) : undefined;
    const pending = this.#pending.get(key);
    if (ticket !== undefined && (stored ?? pending) !== undefined) this.#giveBack(ticket);
    if (stored !== undefined) return stored;
    if (pending !== undefined) return pending;
    const sending = this.#send(key, request, options, ticket).finally(() => void this.#pending.delete(key));
    this.#pending.set(key, sending);
    return sending;
  }

  async #send(key: string, request: ChatRequest, options: AskOptions, first: Ticket | undefined): Promise<AnswerRecord> {
    const { monotonic, patienceMs, retries, random, sleep, now } = this.#options;
    const end = monotonic() + patienceMs;
    let ticket = first;
    let transient = 0;
    try {
      for (let attempts = 1; ; attempts += 1) {
        ticket ??= await this.#enter(request, options, attempts > 1);
        const { limit } = ticket;
        const startedAt = monotonic();
        const outcome = await this.#attempt(request, ticket, end - startedAt);
        const record = answerRecord(outcome, { key, at: now(), attempts, purpose: options.purpose });
        if (outcome.error === undefined) {
          limit.succeed();
          this.#failuresInARow.delete(options.lane);
          this.#write(record);
          return record;
        }
        const verdict = attemptVerdict(outcome.error, patienceMs);
        if (verdict.kind === 'refused') limit.refuse(startedAt, verdict.retryAfterMs);
        if (verdict.kind === 'transient') transient += 1;
        const pauseMs = verdict.kind === 'transient' ? (verdict.retryAfterMs ?? backoffMs(transient, random)) : 0;
        const mayPass = verdict.kind === 'refused' || (verdict.kind === 'transient' && transient <= retries);
        if (!mayPass || this.haltOf(options) !== undefined || monotonic() + pauseMs >= end)
          return this.#fail(record, outcome.error, options, verdict);
        this.#writeCost(record);
        if (verdict.kind === 'refused') {
          ticket = undefined;
          limit.leave();
          continue;
        }
        // It keeps its place meanwhile: a server that is down must not get a first attempt of every cell.
        await sleep(pauseMs, this.#starts.signal);
        ticket.reserved = await this.#reserve(request);
      }
    } finally {
      if (ticket !== undefined) this.#giveBack(ticket);
    }
  }

  /** Records a failure that is final, unless the user caused it. */
  #fail(record: AnswerRecord, error: unknown, options: AskOptions, verdict: ReturnType<typeof attemptVerdict>): AnswerRecord {
    const failure = error instanceof OrxError ? error : new OrxError(String(error), { kind: 'unexpected', cause: error });
    if (failure.kind === 'interrupted') {
      this.#writeCost(record);
      throw new NotAsked(this.#halt ?? failure);
    }
    if (verdict.kind === 'halt') this.#haltAt(verdict.scope, failure, options);
    else if (!isAboutPrompt(failure)) {
      const failures = (this.#failuresInARow.get(options.lane) ?? 0) + 1;
      this.#failuresInARow.set(options.lane, failures);
      if (failures >= MOST_FAILURES) this.#haltAt('lane', failure, options);
    }
    this.#write(record);
    return record;
  }

  #haltAt(scope: 'lane' | 'connection' | 'run', reason: OrxError, { lane, connection }: AskOptions): void {
    if (scope === 'run') return this.stop(reason);
    const name = scope === 'lane' ? `lane ${lane}` : `connection ${connection}`;
    if (!this.#halts.has(name)) this.#halts.set(name, reason);
  }

  /** If answers cannot be stored, the run must not request more. */
  #write(record: Parameters<MatrixJournal['append']>[0]): void {
    try {
      this.#options.journal.append(record);
    } catch (error) {
      this.stop(error instanceof OrxError ? error : new OrxError(String(error), { kind: 'unexpected', cause: error }));
      throw error;
    }
  }

  /** Records what a failed attempt cost, for the totals. */
  #writeCost({ key, at, cost, purpose }: AnswerRecord): void {
    if (cost !== undefined) this.#write({ type: 'attempt', key, at, cost, purpose });
  }

  #giveBack({ limit, reserved }: Ticket): void {
    limit.leave();
    if (reserved !== undefined) this.#options.spending?.settle(reserved, decimal(0));
  }

  async #enter(request: ChatRequest, options: AskOptions, isRepeated: boolean): Promise<Ticket> {
    const limit = this.#limitOf(options.connection);
    this.#refuseIfHalted(options);
    const reserved = await this.#reserve(request);
    try {
      await limit.enter(this.#starts.signal, { isRepeated });
    } catch (error) {
      if (reserved !== undefined) this.#options.spending?.settle(reserved, decimal(0));
      throw error;
    }
    try {
      this.#refuseIfHalted(options);
    } catch (error) {
      this.#giveBack({ limit, reserved });
      throw error;
    }
    return { limit, reserved };
  }

  /** Returns the reserved money of one attempt; undefined without a limit. */
  async #reserve(request: ChatRequest): Promise<Decimal | undefined> {
    const { spending, mostCost } = this.#options;
    if (spending === undefined) return undefined;
    const most = await mostCost(request);
    if (await spending.reserve(most)) return most;
    this.stop(overLimit(spending));
    throw new NotAsked(this.#halt!);
  }

  /** Another request may have halted the lane while this one waited. */
  #refuseIfHalted(options: AskOptions): void {
    const reason = this.haltOf(options);
    if (reason !== undefined) throw new NotAsked(reason);
  }

  /** Makes one attempt, and settles its reserved money. */
  async #attempt(request: ChatRequest, ticket: Ticket, leftMs: number): Promise<Outcome> {
    const stop = new AbortController();
    const timer = new AbortController();
    this.#running.add(stop);
    this.#sent += 1;
    void this.#options.sleep(Math.max(0, leftMs), timer.signal).then(
      () => stop.abort(timedOut(this.#options.patienceMs)),
      () => undefined,
    );
    try {
      const outcome = await this.#options.attempt(request, stop.signal);
      if (ticket.reserved !== undefined) this.#options.spending?.settle(ticket.reserved, costOf(outcome));
      ticket.reserved = undefined;
      return outcome;
    } finally {
      timer.abort(new Error('answered'));
      this.#running.delete(stop);
    }
  }

  #limitOf(connection: string): AdaptiveLimit {
    const known = this.#limits.get(connection);
    if (known !== undefined) return known;
    const { monotonic, sleep, random, limitOf } = this.#options;
    const limit = new AdaptiveLimit({ ...limitOf(connection), monotonic, sleep, random });
    this.#limits.set(connection, limit);
    return limit;
  }
}

/** Returns what an attempt cost; undefined if it may have cost something that is not known. */
function costOf({ answer, error }: Outcome): Decimal | undefined {
  const cost = parseDecimal(answer.usage === undefined ? undefined : paidCost(answer.usage));
  // A request that failed before its answer began costs nothing.
  return cost ?? (error !== undefined && answer.id === undefined ? decimal(0) : undefined);
}

function overLimit({ most }: SpendingLimit): OrxError {
  return new OrxError(`stopped before --max-cost ${most.toFixed()}`, {
    kind: 'credits',
    code: 'max-cost',
    hints: [
      'continue with a higher limit: orx compare --prompts FILE --resume --max-cost 5',
      'limit each answer: --max-tokens N',
    ],
  });
}

function timedOut(patienceMs: number): OrxError {
  return new OrxError(`no complete answer within ${Math.round(patienceMs / 1000)} s`, { kind: 'network', code: 'cell-timeout' });
}
