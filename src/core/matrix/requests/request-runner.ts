import { decimal, type Decimal, parseDecimal } from '../../../decimal.ts';
import { asOrxError, type OrxError } from '../../../errors.ts';
import { paidCost } from '../../../paid-cost.ts';
import type { ChatRequest } from '../../../apis/completion.ts';
import type { MatrixJournal } from '../../../storage/matrix/journal.ts';
import type { AnswerRecord } from '../../../storage/matrix/record.ts';
import type { Outcome } from '../../answer/collect.ts';
import { isPaid } from '../../pipeline/billed.ts';
import { backoffMs } from '../../pipeline/backoff.ts';
import { Admission, type AdmissionOptions, type Ticket } from './admission.ts';
import { answerRecord } from '../answer-record.ts';
import { AttemptWatch, type AttemptWatchOptions } from './attempt-watch.ts';
import { attemptVerdict, isAboutPrompt } from './attempt-verdict.ts';
import { requestHash } from './request-hash.ts';
import { type HaltScope, NotAsked, RunHalts } from './run-halts.ts';

/** What a run needs to send requests. */
export interface RequestRunnerOptions extends AdmissionOptions, AttemptWatchOptions {
  journal: Pick<MatrixJournal, 'has' | 'read' | 'append'>;
  /** Makes one attempt. Never rejects. The answer ends soon after an abort. */
  attempt: (request: ChatRequest, signal: AbortSignal, purpose: AskOptions['purpose']) => Promise<Outcome>;
  /** Retries of a request that fails for other reasons than its rate. */
  retries: number;
  now: () => number;
}

/** Where a request goes, and what it is for. */
export interface AskOptions extends HaltScope {
  address: string;
  repetition: number;
}

/**
 * Sends the requests of a run. A request whose answer is in the journal is not sent; two equal requests are sent once. Every answer
 * is in the journal before anybody sees it.
 */
export class RequestRunner {
  readonly #options: RequestRunnerOptions;
  readonly #halts = new RunHalts();
  readonly #admission: Admission;
  readonly #pending = new Map<string, Promise<AnswerRecord>>();
  readonly #watch: AttemptWatch;
  #sent = 0;

  constructor(options: RequestRunnerOptions) {
    this.#options = options;
    this.#admission = new Admission(options, this.#halts);
    this.#watch = new AttemptWatch(options);
  }

  /** Number of requests that run at this moment. */
  get running(): number {
    return this.#watch.running;
  }

  /** Number of attempts so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Milliseconds until a connection continues that a server has asked to wait; 0 if none is paused. */
  get pauseMs(): number {
    return this.#admission.pauseMs;
  }

  /** Why the whole run has stopped; undefined while it runs. */
  get stopped(): OrxError | undefined {
    return this.#halts.stopped;
  }

  /** Returns why a lane is not asked any more; undefined if it is. */
  haltOf(scope: HaltScope): OrxError | undefined {
    return this.#halts.of(scope);
  }

  /** Starts no more requests. Running ones continue. */
  stop(reason: OrxError): void {
    this.#halts.stop(reason);
  }

  /** Ends running requests. Their answers are not stored. */
  cancel(): void {
    this.#watch.cancel();
  }

  /** Ends the waits of paused connections. */
  close(): void {
    this.#admission.close();
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
    return this.#admission.enter(request, options, false);
  }

  /**
   * Returns the answer of a request, or the record of its failure. Throws NotAsked for one that was not sent, and what the journal
   * throws if it cannot be written.
   */
  async ask(key: string, request: ChatRequest, options: AskOptions, ticket?: Ticket): Promise<AnswerRecord> {
    const { journal } = this.#options;
    const stored = journal.has(key) ? journal.read(key) : undefined;
    const pending = this.#pending.get(key);
    if (ticket !== undefined && (stored ?? pending) !== undefined) this.#admission.giveBack(ticket);
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
        ticket ??= await this.#admission.enter(request, options, attempts > 1);
        const { limit } = ticket;
        const startedAt = monotonic();
        const outcome = await this.#attempt(request, ticket, end, options);
        const record = answerRecord(outcome, { key, at: now(), attempts, purpose: options.purpose });
        if (outcome.error === undefined) {
          limit.succeed();
          this.#halts.countAnswer(options);
          this.#write(record);
          return record;
        }
        const verdict = attemptVerdict(outcome.error, patienceMs);
        if (verdict.kind === 'refused') limit.refuse(startedAt, verdict.retryAfterMs);
        if (verdict.kind === 'transient') transient += 1;
        const pauseMs = verdict.kind === 'transient' ? (verdict.retryAfterMs ?? backoffMs(transient, random)) : 0;
        const isRepeatable = verdict.kind === 'refused' || (verdict.kind === 'transient' && transient <= retries);
        const mayPass = isRepeatable && (outcome.answer.usage === undefined || !isPaid(outcome.answer.usage));
        if (!mayPass || this.haltOf(options) !== undefined || monotonic() + pauseMs >= end)
          return this.#fail(record, outcome.error, options, verdict);
        this.#writeCost(record);
        if (verdict.kind === 'refused') {
          ticket = undefined;
          limit.leave();
          continue;
        }
        // It keeps its place meanwhile: a server that is down must not get a first attempt of every cell.
        await sleep(pauseMs, this.#halts.signal);
        ticket.reserved = await this.#admission.reserve(request);
      }
    } finally {
      if (ticket !== undefined) this.#admission.giveBack(ticket);
    }
  }

  /** Records a failure that is final, unless the user caused it. */
  #fail(record: AnswerRecord, error: unknown, options: AskOptions, verdict: ReturnType<typeof attemptVerdict>): AnswerRecord {
    const failure = asOrxError(error);
    if (failure.kind === 'interrupted') {
      this.#writeCost(record);
      throw new NotAsked(this.stopped ?? failure);
    }
    if (verdict.kind === 'halt') this.#halts.add(verdict.scope, failure, options);
    else if (!isAboutPrompt(failure)) this.#halts.countFailure(failure, options);
    this.#write(record);
    return record;
  }

  /** If answers cannot be stored, the run must not request more. */
  #write(record: Parameters<MatrixJournal['append']>[0]): void {
    try {
      this.#options.journal.append(record);
    } catch (error) {
      this.stop(asOrxError(error));
      throw error;
    }
  }

  /** Records what a failed attempt cost, for the totals. */
  #writeCost({ key, at, cost, purpose }: AnswerRecord): void {
    if (cost !== undefined) this.#write({ type: 'attempt', key, at, cost, purpose });
  }

  /** Makes one attempt, and settles its reserved money. */
  async #attempt(request: ChatRequest, ticket: Ticket, end: number, { purpose }: AskOptions): Promise<Outcome> {
    const attempt = this.#watch.begin(end);
    this.#sent += 1;
    try {
      const outcome = await this.#options.attempt(request, attempt.signal, purpose);
      this.#admission.settle(ticket.reserved, costOf(outcome));
      ticket.reserved = undefined;
      return outcome;
    } finally {
      this.#watch.end(attempt);
    }
  }
}

/** Returns what an attempt cost; undefined if it may have cost something that is not known. */
function costOf({ answer, error }: Outcome): Decimal | undefined {
  const cost = parseDecimal(answer.usage === undefined ? undefined : paidCost(answer.usage));
  // A request that failed before its answer began costs nothing.
  return cost ?? (error !== undefined && answer.id === undefined ? decimal(0) : undefined);
}
