import type { Catalogue } from '../../apis/catalogue.ts';
import type { RoutingAttempt, Usage } from '../../apis/completion.ts';
import type { Answer } from './answer.ts';
import { routingReason } from '../fallback-reason.ts';
import { isSameModel } from '../model-id/served-model.ts';

/** The summary of an answer: model and provider, speed, size and cost. */
export interface Receipt {
  /** The answer and its cost are simulated. */
  isSandbox: boolean;
  asked: string;
  /** The model that answered, or the requested one if the reply does not say. */
  model: string;
  provider?: string | undefined;
  /** Models that answered without being requested; in a turn with tools, this may be only one of its requests. */
  otherModels: readonly string[];
  /** Number of answers that the server sent, usually 1. */
  answers: number;
  /** Failed attempts before the one that answered: by the API (provider and status), then by orx itself. */
  failedAttempts: readonly RoutingAttempt[];
  retries: number;
  /** Why the router chose the model, as far as it is known: core/fallback-reason.ts. */
  reason?: string | undefined;
  /** Models of the fallback list that could not answer, and why. */
  fallbacks: readonly { model: string; error: unknown }[];
  /** Requested features that were dropped because the vendor does not support them. */
  dropped: readonly string[];
  timeToFirstTokenMs?: number | undefined;
  /** Time that the server took to load the model, if it reports it. */
  loadMs?: number | undefined;
  durationMs?: number | undefined;
  throughput?: number | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  /** Cached share of the prompt, 0 to 1; undefined if it is not known or nothing was cached. */
  cachedShare?: number | undefined;
  /** Actual cost in USD, as exact text. */
  cost?: string | undefined;
  /** `billed` with the answer, `computed` by orx from prices, `looked-up` afterwards (a stopped answer), or unknown. */
  costSource: 'billed' | 'computed' | 'looked-up' | 'unknown';
  /** The user's own provider key was used, so `cost` is the API's fee. */
  isByok: boolean;
  /** What the provider charges for that key, as exact text; undefined if it is not known. */
  upstreamCost?: string | undefined;
  generationId?: string | undefined;
  /** Number of tool calls between the requests that this receipt adds up. */
  toolCalls: number;
  /** `stopped` by the user, `failed` before its end, otherwise complete. */
  state: 'complete' | 'stopped' | 'failed';
}

/** The cost of a looked-up generation. */
export type LookedUpCost = Pick<Usage, 'cost' | 'isComputed' | 'isByok' | 'upstreamCost'>;

export interface ReceiptOptions {
  isSandbox?: boolean | undefined;
  asked: string;
  /** The models that answered the requests of a turn, if it had several. */
  served?: readonly string[] | undefined;
  state: Receipt['state'];
  catalogue?: Catalogue | undefined;
  /** The cost of a stopped answer, looked up afterwards. */
  lookedUp?: LookedUpCost | undefined;
  toolCalls?: number | undefined;
}

export function receiptOf(answer: Answer, options: ReceiptOptions): Receipt {
  const { usage, metrics } = answer;
  const model = answer.model === undefined || answer.model === '' ? options.asked : answer.model;
  const charged: LookedUpCost = usage?.cost === undefined ? (options.lookedUp ?? usage ?? {}) : usage;
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
    reason: routingReason(answer.routing),
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
    cost: charged.cost,
    costSource:
      usage?.cost !== undefined
        ? usage.isComputed === true
          ? 'computed'
          : 'billed'
        : charged.cost !== undefined
          ? 'looked-up'
          : 'unknown',
    isByok: charged.isByok === true,
    upstreamCost: charged.upstreamCost,
    generationId: answer.id === '' ? undefined : answer.id,
    toolCalls: options.toolCalls ?? 0,
    state: options.state,
  };
}
