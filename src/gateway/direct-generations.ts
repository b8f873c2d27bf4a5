import type { LedgerEntry } from '../storage/ledger/entry.ts';
import { EMPTY_GENERATION } from '../apis/empty-generation.ts';
import { parseDirectId } from '../apis/direct-id.ts';
import type { ServedRequest } from '../core/serve/served-request.ts';
import type { FieldValues } from './dialects/fields.ts';

/** Maximum number of kept records. The oldest ones are dropped. */
const MOST = 10_000;

/** Returns what the ledger has of an answer that this client requested. */
export type FindStored = (id: string, client: string | undefined) => LedgerEntry | undefined;

/**
 * Records of the last answers of vendors, for GET /generation: unlike OpenRouter, vendors have none. The ledger has those that this process has
 * not served, or has dropped.
 */
export class DirectGenerations {
  readonly #kept = new Map<string, ServedRequest>();
  readonly #findStored: FindStored;

  constructor(findStored: FindStored = () => undefined) {
    this.#findStored = findStored;
  }

  /** Records a request that has ended. */
  add(request: ServedRequest): void {
    const { generationId: id, target, isCached } = request;
    if (id === undefined || target === undefined || isCached === true || parseDirectId(target) === undefined) return;
    // The last one is at the end.
    this.#kept.delete(id);
    this.#kept.set(id, { ...request, content: undefined, error: undefined });
    if (this.#kept.size <= MOST) return;
    const [oldest] = this.#kept.keys();
    this.#kept.delete(oldest!);
  }

  /** Returns the record of an answer that this client requested, in OpenRouter's form. */
  find(id: string, client: string | undefined): FieldValues | undefined {
    const request = this.#kept.get(id);
    if (request !== undefined) return request.client === client ? generationOf(id, request) : undefined;
    const entry = this.#findStored(id, client);
    return entry === undefined ? undefined : storedGeneration(id, entry);
  }
}

function generationOf(id: string, request: ServedRequest): FieldValues {
  const { usage, target = '', durationMs, timeToFirstTokenMs } = request;
  const cost = usage?.cost === undefined ? null : Number(usage.cost);
  return {
    ...EMPTY_GENERATION,
    id,
    request_id: request.id,
    upstream_id: id,
    model: target,
    provider_name: request.provider ?? parseDirectId(target)?.vendor ?? null,
    created_at: new Date(request.startedAt).toISOString(),
    streamed: request.isStreamed ?? false,
    cancelled: request.status === 499,
    finish_reason: request.finishReason ?? null,
    native_finish_reason: request.finishReason ?? null,
    latency: timeToFirstTokenMs === undefined ? null : Math.round(timeToFirstTokenMs),
    generation_time: Math.round(durationMs),
    tokens_prompt: usage?.promptTokens ?? null,
    tokens_completion: usage?.completionTokens ?? null,
    native_tokens_prompt: usage?.promptTokens ?? null,
    native_tokens_completion: usage?.completionTokens ?? null,
    native_tokens_reasoning: usage?.reasoningTokens ?? null,
    native_tokens_cached: usage?.cachedTokens ?? null,
    total_cost: cost,
    usage: cost,
    upstream_inference_cost: usage?.upstreamCost === undefined ? null : Number(usage.upstreamCost),
    is_byok: usage?.isByok ?? false,
  };
}

/** Returns undefined for an answer of OpenRouter. The ledger does not store the id of the request, nor whether it was streamed. */
function storedGeneration(id: string, entry: LedgerEntry): FieldValues | undefined {
  const { vendor } = parseDirectId(entry.requestedModel) ?? {};
  if (vendor === undefined) return undefined;
  const { servedModel = entry.requestedModel, finishReason = null, timeToFirstTokenMs, durationMs } = entry;
  const cost = entry.cost === undefined ? null : Number(entry.cost);
  return {
    ...EMPTY_GENERATION,
    id,
    upstream_id: id,
    model: parseDirectId(servedModel) === undefined ? `${vendor}:${servedModel}` : servedModel,
    provider_name: entry.provider ?? vendor,
    created_at: new Date(entry.openedAt).toISOString(),
    streamed: null,
    cancelled: entry.outcome === 'stopped',
    finish_reason: finishReason,
    native_finish_reason: finishReason,
    latency: timeToFirstTokenMs === undefined ? null : Math.round(timeToFirstTokenMs),
    generation_time: durationMs === undefined ? null : Math.round(durationMs),
    tokens_prompt: entry.promptTokens ?? null,
    tokens_completion: entry.completionTokens ?? null,
    native_tokens_prompt: entry.promptTokens ?? null,
    native_tokens_completion: entry.completionTokens ?? null,
    native_tokens_reasoning: entry.reasoningTokens ?? null,
    native_tokens_cached: entry.cachedTokens ?? null,
    total_cost: cost,
    usage: cost,
    upstream_inference_cost: entry.upstreamCost === undefined ? null : Number(entry.upstreamCost),
    is_byok: entry.isByok ?? false,
  };
}
