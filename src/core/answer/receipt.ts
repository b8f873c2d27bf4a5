import type { Catalogue } from '../../apis/catalogue.ts';
import type { RoutingAttempt, Usage } from '../../apis/completion.ts';
import type { Answer } from './answer.ts';
import { isSameModel } from '../model-id/served-model.ts';

/** What a person should know after an answer: who gave it, how fast, how much of it, for how much. */
export interface Receipt {
  /** The answer and its cost are simulated. */
  isSandbox: boolean;
  asked: string;
  /** The model that answered; the asked one when the reply did not say. */
  model: string;
  provider?: string | undefined;
  /** Models that answered, in a turn with tools perhaps one of its requests, and were not asked. */
  otherModels: readonly string[];
  /** How many answers the server sent, mostly 1. */
  answers: number;
  /** Tried before the one that answered: by the API (provider and status), then by orx itself. */
  failedAttempts: readonly RoutingAttempt[];
  retries: number;
  /** Models of the fallback list that could not answer, and why. */
  fallbacks: readonly { model: string; error: unknown }[];
  /** What was asked for and left out, because the vendor cannot do it. */
  dropped: readonly string[];
  timeToFirstTokenMs?: number | undefined;
  /** How long the server needed to load the model, where it says so. */
  loadMs?: number | undefined;
  durationMs?: number | undefined;
  throughput?: number | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  /** Cached share of the prompt, 0 to 1; undefined when nothing is known or nothing was cached. */
  cachedShare?: number | undefined;
  /** Billed USD, exact text. */
  cost?: string | undefined;
  /** `billed` with the answer, `computed` by orx from prices, `looked-up` afterwards (a stopped answer), or not known. */
  costSource: 'billed' | 'computed' | 'looked-up' | 'unknown';
  /** The user's own provider key was used: `cost` is the API's fee. */
  isByok: boolean;
  /** What the provider charges that key, exact text; undefined when that is not known. */
  upstreamCost?: string | undefined;
  generationId?: string | undefined;
  /** How many calls of tools stood between the requests that are added up here. */
  toolCalls: number;
  /** `stopped` by the user, `failed` on the way, else complete. */
  state: 'complete' | 'stopped' | 'failed';
}

/** What a bill says about the cost. */
export type LookedUpCost = Pick<Usage, 'cost' | 'isComputed' | 'isByok' | 'upstreamCost'>;

export interface ReceiptOptions {
  isSandbox?: boolean | undefined;
  asked: string;
  /** The models that answered the requests of a turn, where it took several. */
  served?: readonly string[] | undefined;
  state: Receipt['state'];
  catalogue?: Catalogue | undefined;
  /** The bill of a stopped answer, looked up afterwards. */
  lookedUp?: LookedUpCost | undefined;
  toolCalls?: number | undefined;
}

export function receiptOf(answer: Answer, options: ReceiptOptions): Receipt {
  const { usage, metrics } = answer;
  const model = answer.model === undefined || answer.model === '' ? options.asked : answer.model;
  const bill: LookedUpCost = usage?.cost === undefined ? (options.lookedUp ?? usage ?? {}) : usage;
  return {
    isSandbox: options.isSandbox ?? false,
    asked: options.asked,
    model,
    provider: answer.provider,
    otherModels: [...new Set([...(options.served ?? []), model])].filter(
      (one) => !isSameModel(options.asked, one, options.catalogue?.models),
    ),
    answers: answer.answers ?? 1,
    failedAttempts: (answer.routing?.attempts ?? []).filter((attempt) => attempt.status !== undefined && attempt.status >= 400),
    retries: answer.retries.length,
    fallbacks: answer.fallbacks,
    dropped: answer.dropped,
    timeToFirstTokenMs: metrics?.timeToFirstTokenMs,
    ...(metrics?.loadMs !== undefined && { loadMs: metrics.loadMs }),
    durationMs: metrics?.durationMs,
    throughput: metrics?.throughput,
    promptTokens: usage?.promptTokens,
    completionTokens: usage?.completionTokens,
    reasoningTokens: usage?.reasoningTokens,
    cachedShare:
      usage?.cachedTokens === undefined || usage.cachedTokens === 0 || usage.promptTokens === 0
        ? undefined
        : usage.cachedTokens / usage.promptTokens,
    cost: bill.cost,
    costSource:
      usage?.cost !== undefined
        ? usage.isComputed === true
          ? 'computed'
          : 'billed'
        : bill.cost !== undefined
          ? 'looked-up'
          : 'unknown',
    isByok: bill.isByok === true,
    upstreamCost: bill.upstreamCost,
    generationId: answer.id === '' ? undefined : answer.id,
    toolCalls: options.toolCalls ?? 0,
    state: options.state,
  };
}
