import type { Generation } from '../../apis/api.ts';
import type { EntryOutcome, EntryResult, LedgerEntry } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import { OrxError } from '../../errors.ts';
import { routingReason } from '../fallback-reason.ts';

export interface Reconciling {
  ledger: Ledger;
  getGeneration: (id: string, options: { signal?: AbortSignal | undefined }) => Promise<Generation>;
  now: () => number;
  /** Entries opened before this moment are skipped. */
  since: number;
  /** Most look-ups. */
  limit: number;
  signal?: AbortSignal | undefined;
}

export interface Reconciled {
  /** Entries of processes that died. */
  lost: number;
  /** Entries whose cost was found. */
  billed: number;
  /** Entries whose cost the API does not know, or not yet. */
  missing: number;
  /** The error that ended the look-ups early: no network, no key. */
  error?: unknown;
}

/**
 * Closes the entries of processes that died, and looks up missing costs by generation id, oldest first. Each cost is recorded as soon as it is
 * known, so this can be interrupted at any time and run in several processes at once.
 */
export async function reconcile({ ledger, getGeneration, now, since, limit, signal }: Reconciling): Promise<Reconciled> {
  const done: Reconciled = { lost: ledger.closeLost(now()), billed: 0, missing: 0 };
  for (const entry of ledger.unbilled({ since, limit })) {
    if (signal?.aborted === true) break;
    try {
      const generation = await getGeneration(entry.generationId!, { signal });
      if (generation.cost === undefined) ledger.noteLookUp(entry.id, now());
      else ledger.settle(entry.id, withLookedUpCost(entry, generation));
      done[generation.cost === undefined ? 'missing' : 'billed'] += 1;
    } catch (error) {
      if (!isUnknownGeneration(error)) return { ...done, error };
      ledger.noteLookUp(entry.id, now());
      done.missing += 1;
    }
  }
  return done;
}

/** Returns an entry's result with the API's data. The entry's own counts win if it has any. */
export function withLookedUpCost(entry: LedgerEntry, generation: Generation): EntryResult {
  return {
    ...entry,
    outcome: entry.outcome ?? endOf(generation),
    attempts: entry.attempts ?? 1,
    servedModel: entry.servedModel ?? generation.model,
    provider: entry.provider ?? generation.provider,
    promptTokens: entry.promptTokens ?? generation.promptTokens,
    completionTokens: entry.completionTokens ?? generation.completionTokens,
    cachedTokens: entry.cachedTokens ?? generation.cachedTokens,
    reasoningTokens: entry.reasoningTokens ?? generation.reasoningTokens,
    finishReason: entry.finishReason ?? generation.finishReason,
    fallbackReason: entry.fallbackReason ?? routingReason({ attempts: generation.attempts ?? [] }),
    cost: generation.cost,
    isByok: generation.isByok ?? entry.isByok,
    upstreamCost: generation.isByok === undefined ? entry.upstreamCost : generation.upstreamCost,
    costSource: 'looked-up',
  };
}

/** Returns how an answer ended whose process died, or is about to learn it. */
function endOf({ isCanceled, finishReason }: Generation): EntryOutcome {
  if (isCanceled === true) return 'stopped';
  return finishReason === undefined ? 'lost' : finishReason === 'error' ? 'failed' : 'complete';
}

export function isUnknownGeneration(error: unknown): boolean {
  return error instanceof OrxError && (error.status === 404 || error.kind === 'no-endpoint');
}
