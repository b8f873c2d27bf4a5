import { decimal, decimalText } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { ChatRequest, CompletionEvent, Metrics, Usage } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import type { BudgetScope, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { EntryResult, OpeningEntry, EntryOutcome } from '../../storage/ledger/entry.ts';
import { usageCost } from '../price/usage-cost.ts';
import type { Accounting } from './accounting.ts';
import { isNearlyUsed, stoppedByBudget } from './budget-error.ts';
import type { Reserved } from './reserve.ts';
import type { PromptSize } from './prompt-size.ts';
import { isUnbilled } from './is-unbilled.ts';

/** One request between its entry and its settlement. */
export interface RequestRecord {
  /** What is to be sent: the request within its budgets. */
  request: ChatRequest;
  /** Throws kind `credits` when the answer grows more expensive than its budgets allow. */
  see: (event: CompletionEvent) => void;
  fail: (error: unknown) => Promise<void>;
  /** Settles what is not settled yet. */
  leave: () => Promise<void>;
}

interface RecordedAnswer {
  model?: string | undefined;
  provider?: string | undefined;
  usage?: Usage | undefined;
  metrics?: Metrics | undefined;
  /** Of a router. */
  attempts?: number | undefined;
  finishReason?: string | undefined;
}

/** What a token is of common text, for an estimate of what an answer has cost. */
const BYTES_PER_TOKEN = 5;
/** What a token hardly ever is more than: an answer is stopped only when it is certainly longer than its reservation pays for. */
const MOST_BYTES_PER_TOKEN = 8;
/** A look-up of the bill takes some seconds: so long the estimate of a broken answer is not all that counts. */
const KEEP_MS = 120_000;
/** By so much a reservation grows at once when an answer outgrows it. */
const GROWTH = 1.25;

/** A request whose entry stands in the ledger. */
export class OpenRequestRecord implements RequestRecord {
  readonly request: ChatRequest;
  readonly #accounting: Accounting;
  readonly #entry: OpeningEntry;
  readonly #scope: BudgetScope;
  readonly #pending: Reserved;
  /** What the ledger keeps of the answer: a part of what core/answer/answer.ts gathers. */
  readonly #answer: RecordedAnswer = {};
  #generationId: string | undefined;
  #bytes = 0;
  /** Bytes of answer that the reserved money pays for. */
  #paidBytes: number;
  #renewAt: number;
  /** Tokens that the prompt is expected to have. */
  readonly #promptTokens: number;
  /** A direct model that has begun to answer, with its prices: nobody knows its bill if it is not told at the end. */
  #listed: Promise<Model | undefined> | undefined;
  #hasEnded = false;
  /** Budgets that have no room for what the answer costs by now. */
  #refused: readonly BudgetStanding[] | undefined;

  constructor(accounting: Accounting, entry: OpeningEntry, scope: BudgetScope, pending: Reserved, size: PromptSize) {
    this.request = pending.request;
    this.#accounting = accounting;
    this.#entry = entry;
    this.#scope = scope;
    this.#pending = pending;
    this.#paidBytes = this.#bytesFor(pending.most ?? decimal(0));
    this.#promptTokens = size.expected;
    this.#renewAt = entry.openedAt + accounting.patienceMs / 2;
  }

  see(event: CompletionEvent): void {
    if (this.#refused !== undefined) throw stoppedByBudget(this.#refused, this.#runningCost());
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
        this.#count(event.text);
        break;
      case 'tool-call-delta':
        // A call is output like any other, and billed as such.
        this.#count((event.name ?? '') + event.arguments);
        break;
      case 'heartbeat':
        this.#noteId(event.generationId);
        break;
      case 'response-start':
        this.#noteId(event.id);
        if (this.#pending.most === undefined && isDirect(this.#entry.requestedModel))
          this.#listed = this.#accounting.findModel(this.#entry.requestedModel);
        this.#answer.model = event.model;
        this.#answer.provider = event.provider;
        break;
      case 'usage':
        this.#answer.usage = event.usage;
        break;
      case 'metrics':
        this.#answer.metrics = event.metrics;
        break;
      case 'routing':
        this.#answer.attempts = event.attempts.length;
        break;
      case 'response-end':
        this.#answer.finishReason = event.finishReason;
        this.#settle('complete');
        break;
      default:
    }
    if (this.#pending.most !== undefined && this.#accounting.now() >= this.#renewAt) this.#renew(decimalText(this.#pending.most));
  }

  async fail(error: unknown): Promise<void> {
    await this.#settleBroken(error instanceof OrxError && error.kind === 'interrupted' ? 'stopped' : 'failed', error);
  }

  async leave(): Promise<void> {
    await this.#settleBroken('stopped');
  }

  async #settleBroken(outcome: EntryOutcome, error?: unknown): Promise<void> {
    if (!this.#hasEnded) this.#settle(outcome, error, await this.#listed);
  }

  #count(text: string): void {
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > this.#paidBytes) this.#holdMore();
  }

  /** An id by which a bill can be looked up: a vendor has none. */
  #noteId(id: string | undefined): void {
    if (id === undefined || id === '' || id === this.#generationId || isDirect(this.#entry.requestedModel)) return;
    this.#generationId = id;
    this.#guarded(() => this.#accounting.ledger.noteGeneration(this.#entry.id, id));
  }

  /** The answer is longer than its reservation pays for: an endpoint that keeps no limit. More is reserved, or the answer ends here. */
  #holdMore(): void {
    const cost = this.#runningCost();
    const more = cost.times(GROWTH);
    const refused = this.#renew(decimalText(more));
    if (refused !== undefined) throw stoppedByBudget(refused, cost);
    this.#pending.most = more;
    this.#paidBytes = this.#bytesFor(more);
  }

  /** The budgets that have no room for it, as far as that is known now: another thread says so later, and the next event ends the answer then. */
  #renew(amount: string): readonly BudgetStanding[] | undefined {
    const now = this.#accounting.now();
    this.#renewAt = now + this.#accounting.patienceMs / 2;
    const refused = this.#guarded(() =>
      this.#accounting.ledger.renew(
        this.#entry.id,
        { amount, expiresAt: now + this.#accounting.patienceMs },
        { ...this.#scope, now },
      ),
    );
    if (!(refused instanceof Promise)) return refused;
    refused.then(
      (standings) => void (this.#refused = standings),
      (error: unknown) => this.#noteFailure(error),
    );
    return undefined;
  }

  /** `listed`: the prices of a direct model whose answer broke off. */
  #settle(outcome: EntryOutcome, error?: unknown, listed?: Model): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { usage, metrics, attempts } = this.#answer;
    const result: EntryResult = {
      outcome,
      servedModel: this.#answer.model === '' ? undefined : this.#answer.model,
      provider: this.#answer.provider,
      generationId: this.#generationId,
      promptTokens: usage?.promptTokens,
      cachedTokens: usage?.cachedTokens,
      cacheWriteTokens: usage?.cacheWriteTokens,
      completionTokens: usage?.completionTokens,
      reasoningTokens: usage?.reasoningTokens,
      isByok: usage?.isByok,
      timeToFirstTokenMs: metrics?.timeToFirstTokenMs,
      durationMs: metrics?.durationMs,
      throughput: metrics?.throughput,
      finishReason: this.#answer.finishReason,
      attempts: Math.max(1, attempts ?? 1),
      ...(error === undefined || outcome === 'stopped'
        ? {}
        : { errorKind: error instanceof OrxError ? error.kind : 'unexpected' }),
      ...this.#cost(error, listed),
    };
    const isOpen = result.costSource !== 'billed' && this.#generationId !== undefined;
    this.#guarded(() =>
      this.#accounting.ledger.settle(this.#entry.id, result, isOpen ? this.#accounting.now() + KEEP_MS : undefined),
    );
    this.#warn();
  }

  #cost(error: unknown, listed: Model | undefined): Pick<EntryResult, 'cost' | 'upstreamCost' | 'costSource'> {
    const { usage, model } = this.#answer;
    const { cost, upstreamCost, isComputed } = usage ?? {};
    // Of the two parts of a request with the user's own provider key one may be missing.
    if (usage?.isByok === true && (cost === undefined) !== (upstreamCost === undefined)) {
      return { cost: cost ?? '0', upstreamCost: upstreamCost ?? this.#estimatedCost(), costSource: 'estimated' };
    }
    if (cost !== undefined) return { cost, upstreamCost, costSource: isComputed === true ? 'computed' : 'billed' };
    if (model === undefined && isUnbilled(error)) return { cost: '0', costSource: 'billed' };
    const estimated = this.#estimatedCost() ?? this.#listedCost(listed);
    return estimated === undefined ? { costSource: 'unknown' } : { cost: estimated, costSource: 'estimated' };
  }

  /** From the prices that were looked up for a budget; undefined where there was none. */
  #estimatedCost(): string | undefined {
    return this.#pending.most === undefined ? undefined : decimalText(this.#runningCost());
  }

  /** Orx's own counts at listed prices: of an answer of a vendor, whose bill cannot be looked up. */
  #listedCost(listed: Model | undefined): string | undefined {
    const counts = { promptTokens: this.#promptTokens, completionTokens: Math.ceil(this.#bytes / BYTES_PER_TOKEN) };
    return usageCost(counts, listed, new Date(this.#entry.openedAt));
  }

  #runningCost(): ReturnType<typeof decimal> {
    const limit = this.request.maxTokens ?? Infinity;
    const isStored = this.#bytes <= limit * MOST_BYTES_PER_TOKEN;
    const tokens = Math.min(Math.ceil(this.#bytes / BYTES_PER_TOKEN), isStored ? limit : Infinity);
    return this.#pending.promptCost.plus(this.#pending.tokenCost.times(tokens));
  }

  #bytesFor(amount: ReturnType<typeof decimal>): number {
    const { most, promptCost, tokenCost } = this.#pending;
    if (most === undefined || tokenCost.eq(0)) return Infinity;
    return Math.max(0, amount.minus(promptCost).div(tokenCost).toNumber()) * MOST_BYTES_PER_TOKEN;
  }

  /** Budgets of which much is used, as they stand after this request. */
  #warn(): void {
    if (this.#pending.most === undefined) return;
    const { ledger, now, note } = this.#accounting;
    const used = (this.#guarded(() => ledger.standings({ ...this.#scope, now: now() })) ?? []).filter(isNearlyUsed);
    if (used.length > 0) note({ type: 'warning', standings: used });
  }

  #guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#noteFailure(error);
      return undefined;
    }
  }

  #noteFailure(error: unknown): void {
    this.#accounting.note({ type: 'unbooked', error, isUnderBudget: this.#pending.most !== undefined });
  }
}
