import { decimal, type Decimal, decimalText } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { ChatRequest, CompletionEvent, Metrics, StreamOptions, Usage } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import type { BudgetScope, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { EntryResult, OpeningEntry, EntryOutcome } from '../../storage/ledger/entry.ts';
import { paidCost } from '../../paid-cost.ts';
import { joinReasons, routingReason } from '../fallback-reason.ts';
import { usageCost } from '../price/usage-cost.ts';
import { expectedTokens, learnedRatio } from '../tokens/learned-ratio.ts';
import type { Accounting } from './accounting.ts';
import { isNearlyUsed, stoppedByBudget } from './budget-error.ts';
import type { Reserved } from './reserve.ts';
import type { PromptSize } from './prompt-size.ts';
import { bytesPaidBy, costWithBytes, tokensInBytes } from './cost-with-bytes.ts';
import { isUnbilled } from './is-unbilled.ts';

/** The command whose clients can ask for the record of an answer. */
const GATEWAY = 'serve';

/** A request from the creation of its entry to its settlement. */
export interface RequestRecord {
  /** The request to send, limited to its budgets. */
  request: ChatRequest;
  /** Throws kind `credits` if the answer costs more than its budgets allow. */
  see: (event: CompletionEvent) => void;
  fail: (error: unknown) => Promise<void>;
  /** Settles the entry if it is still open. */
  leave: () => Promise<void>;
}

interface RecordedAnswer {
  model?: string | undefined;
  provider?: string | undefined;
  usage?: Usage | undefined;
  metrics?: Metrics | undefined;
  routing?: Extract<CompletionEvent, { type: 'routing' }> | undefined;
  finishReason?: string | undefined;
}

/** How long money stays reserved for an incomplete answer while its cost is looked up, which takes some seconds. */
const KEEP_MS = 120_000;
/** The finish reason of an attempt that ended because another target answered first. */
const HEDGE_LOST = 'hedge_lost';
/** Factor by which a reservation grows when an answer exceeds it. */
const GROWTH = 1.25;

interface OpenedRecord {
  accounting: Accounting;
  entry: OpeningEntry;
  scope: BudgetScope;
  pending: Reserved;
  size: PromptSize;
  options: Pick<StreamOptions, 'signal' | 'onSettled'>;
}

/** A request that has an entry in the ledger. */
export class OpenRequestRecord implements RequestRecord {
  readonly request: ChatRequest;
  readonly #accounting: Accounting;
  readonly #entry: OpeningEntry;
  readonly #scope: BudgetScope;
  readonly #pending: Reserved;
  /** The part of the answer (core/answer/answer.ts) that the ledger stores. */
  readonly #answer: RecordedAnswer = {};
  #generationId: string | undefined;
  /** The id of a vendor's answer, which a gateway can describe later. */
  #vendorId: string | undefined;
  #bytes = 0;
  /** Bytes of the answer that the reserved money pays for. */
  #paidBytes: number;
  #renewAt: number;
  readonly #size: PromptSize;
  readonly #options: OpenedRecord['options'];
  /** The direct model that has started to answer, with its prices: its cost cannot be looked up if the stream does not report it. */
  #listed: Promise<Model | undefined> | undefined;
  #hasEnded = false;
  /** Budgets that do not allow the current cost of the answer. */
  #refused: readonly BudgetStanding[] | undefined;

  constructor({ accounting, entry, scope, pending, size, options }: OpenedRecord) {
    this.request = pending.request;
    this.#options = options;
    this.#accounting = accounting;
    this.#entry = entry;
    this.#scope = scope;
    this.#pending = pending;
    this.#paidBytes = bytesPaidBy(pending, pending.most ?? decimal(0));
    this.#size = size;
    this.#renewAt = entry.openedAt + accounting.patienceMs / 2;
  }

  see(event: CompletionEvent): void {
    if (this.#refused !== undefined) throw stoppedByBudget(this.#refused, this.#runningCost());
    switch (event.type) {
      case 'chunk':
        // The events that are decoded from it follow.
        return;
      case 'text-delta':
      case 'reasoning-delta':
        this.#count(event.text);
        break;
      case 'tool-call-delta':
        // A tool call is output and costs the same.
        this.#count((event.name ?? '') + event.arguments);
        break;
      case 'heartbeat':
        this.#noteId(event.generationId);
        break;
      case 'response-start':
        this.#noteId(event.id);
        if (event.id !== '' && isDirect(this.#entry.requestedModel) && this.#entry.command === GATEWAY) this.#vendorId = event.id;
        this.#listPrices();
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
        this.#answer.routing = event;
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
    if (this.#hasEnded) return;
    // A vendor has read the prompt of a request that was sent, although another target answered first.
    if (isLostHedge(this.#options)) this.#listPrices();
    const listed = await this.#listed;
    if (listed !== undefined) await this.#accounting.ledger.opened?.();
    this.#settle(outcome, error, listed);
  }

  /** Looks up the prices of a direct model, unless a budget has done so. */
  #listPrices(): void {
    const { requestedModel } = this.#entry;
    if (this.#pending.most === undefined && isDirect(requestedModel)) this.#listed ??= this.#accounting.findModel(requestedModel);
  }

  #count(text: string): void {
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > this.#paidBytes) this.#holdMore();
  }

  /** Records the id by which the cost can be looked up; vendors have none. */
  #noteId(id: string | undefined): void {
    if (id === undefined || id === '' || id === this.#generationId || isDirect(this.#entry.requestedModel)) return;
    this.#generationId = id;
    this.#guarded(() => this.#accounting.ledger.noteGeneration(this.#entry.id, id));
  }

  /** The answer is longer than its reservation pays for, because an endpoint does not enforce the limit. Reserves more, or ends the answer. */
  #holdMore(): void {
    const cost = this.#runningCost();
    const more = cost.times(GROWTH);
    const refused = this.#renew(decimalText(more));
    if (refused !== undefined) throw stoppedByBudget(refused, cost);
    this.#pending.most = more;
    this.#paidBytes = bytesPaidBy(this.#pending, more);
  }

  /**
   * Returns the budgets that do not allow the amount, if that is already known. Another thread reports it later, and the next event then ends
   * the answer.
   */
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

  /** `listed`: the direct model, with its prices, whose answer is incomplete. */
  #settle(outcome: EntryOutcome, error?: unknown, listed?: Model): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { usage, metrics, routing } = this.#answer;
    const { cost, upstreamCost, costSource } = this.#cost(error, listed);
    const result: EntryResult = {
      outcome,
      servedModel: this.#answer.model === '' ? undefined : this.#answer.model,
      provider: this.#answer.provider,
      generationId: this.#generationId ?? this.#vendorId,
      promptTokens: usage?.promptTokens,
      cachedTokens: usage?.cachedTokens,
      cacheWriteTokens: usage?.cacheWriteTokens,
      completionTokens: usage?.completionTokens,
      reasoningTokens: usage?.reasoningTokens,
      isByok: usage?.isByok,
      timeToFirstTokenMs: metrics?.timeToFirstTokenMs,
      durationMs: metrics?.durationMs,
      throughput: metrics?.throughput,
      finishReason: this.#answer.finishReason ?? (isLostHedge(this.#options) ? HEDGE_LOST : undefined),
      attempts: Math.max(1, routing?.attempts.length ?? 1),
      fallbackReason: joinReasons(this.#entry.fallbackReason, routingReason(routing)),
      errorKind: error === undefined || outcome === 'stopped' ? undefined : error instanceof OrxError ? error.kind : 'unexpected',
      cost,
      upstreamCost,
      costSource,
    };
    const isOpen = result.costSource !== 'billed' && this.#generationId !== undefined;
    this.#guarded(() =>
      this.#accounting.ledger.settle(this.#entry.id, result, isOpen ? this.#accounting.now() + KEEP_MS : undefined),
    );
    this.#options.onSettled?.(paidCost(result));
    this.#warn();
  }

  #cost(error: unknown, listed: Model | undefined): Pick<EntryResult, 'cost' | 'upstreamCost' | 'costSource'> {
    const { usage, model } = this.#answer;
    const { cost, upstreamCost, isComputed } = usage ?? {};
    // For a request with the user's own provider key, one of the two parts may be missing.
    if (usage?.isByok === true && (cost === undefined) !== (upstreamCost === undefined)) {
      return { cost: cost ?? '0', upstreamCost: upstreamCost ?? this.#estimatedCost(), costSource: 'estimated' };
    }
    if (cost !== undefined) return { cost, upstreamCost, costSource: isComputed === true ? 'computed' : 'billed' };
    if (model === undefined && isUnbilled(error)) return { cost: '0', costSource: 'billed' };
    const estimated = this.#estimatedCost() ?? this.#listedCost(listed);
    return estimated === undefined ? { costSource: 'unknown' } : { cost: estimated, costSource: 'estimated' };
  }

  /** Returns the cost at the prices that were looked up for a budget; undefined if there is no budget. */
  #estimatedCost(): string | undefined {
    return this.#pending.most === undefined ? undefined : decimalText(this.#runningCost());
  }

  /** Returns the cost from orx's own counts at list prices, for a vendor's answer whose cost cannot be looked up. */
  #listedCost(listed: Model | undefined): string | undefined {
    const { estimated, extra } = this.#size;
    const learned = this.#guarded(() => learnedRatio(this.#accounting.ledger, this.#entry.family));
    const promptTokens = expectedTokens({ text: estimated - extra, extra }, learned);
    const counts = { promptTokens, completionTokens: tokensInBytes(this.#bytes) };
    return usageCost(counts, listed, new Date(this.#entry.openedAt));
  }

  #runningCost(): Decimal {
    return costWithBytes(this.#pending, this.#bytes, this.request.maxTokens);
  }

  /** Notes the budgets that are nearly used after this request. */
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
    this.#accounting.note({ type: 'unrecorded', error, isUnderBudget: this.#pending.most !== undefined });
  }
}

function isLostHedge({ signal }: Pick<StreamOptions, 'signal'>): boolean {
  const reason: unknown = signal?.aborted === true ? signal.reason : undefined;
  return reason instanceof OrxError && reason.code === 'hedge-lost';
}
