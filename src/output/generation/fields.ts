import type { Generation } from '../../apis/api.ts';
import { decimal } from '../../decimal.ts';
import type { LedgerEntry } from '../../storage/ledger/entry.ts';
import type { Field } from '../setup/key.ts';
import { fallbackText } from '../text/fallback.ts';
import { countText, secondsText } from '../text/number.ts';
import { exactMoneyText } from '../text/price.ts';

/** Returns the API's record of an answer, for people. Leaves out what the API does not state. `entry` says why another model answered. */
export function generationFields(generation: Generation, entry?: LedgerEntry): Field[] {
  const { attempts = [], isByok, upstreamCost, finishReason, nativeFinishReason } = generation;
  const isNative = nativeFinishReason !== undefined && nativeFinishReason !== finishReason;
  return stated([
    ['id', generation.id],
    ['model', generation.model],
    ['provider', generation.provider],
    ['fallback', entry && fallbackText(entry)],
    ['region', generation.region],
    ['created', generation.createdAt],
    [
      'end',
      generation.isCanceled === true
        ? 'canceled by the client'
        : finishReason && `${finishReason}${isNative ? ` (${nativeFinishReason})` : ''}`,
    ],
    ['latency', timeText(generation.latencyMs)],
    ['duration', timeText(generation.generationMs)],
    ['tokens', tokensText(generation)],
    ['tier', generation.serviceTier],
    ['cost', costText(generation.cost)],
    ['own key', isByok !== true ? undefined : `yes; the provider charged ${costText(upstreamCost) ?? 'an unknown amount'}`],
    // A single attempt is the answer itself.
    ...(attempts.length < 2 ? [] : attempts.map((attempt, index): Row => [`attempt ${index + 1}`, attemptText(attempt)])),
  ]);
}

/** Returns what the ledger has, for people. */
export function entryFields(entry: LedgerEntry): Field[] {
  return stated([
    ['id', entry.generationId],
    ['model', entry.servedModel ?? entry.requestedModel],
    ['provider', entry.provider],
    ['fallback', fallbackText(entry)],
    ['created', new Date(entry.openedAt).toISOString()],
    ['end', entry.state === 'open' ? 'in progress' : (entry.finishReason ?? entry.outcome)],
    ['latency', timeText(entry.timeToFirstTokenMs)],
    ['duration', timeText(entry.durationMs)],
    ['tokens', tokensText(entry)],
    ['cost', `${costText(entry.cost) ?? 'unknown'} (${entry.costSource})`],
    [
      'own key',
      entry.isByok !== true ? undefined : `yes; the provider charged ${costText(entry.upstreamCost) ?? 'an unknown amount'}`,
    ],
  ]);
}

type Row = readonly [name: string, value: string | undefined];

function stated(rows: readonly Row[]): Field[] {
  return rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

function timeText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : secondsText(ms);
}

function costText(cost: string | undefined): string | undefined {
  return cost === undefined ? undefined : exactMoneyText(decimal(cost));
}

/** Returns `20 in (5 cached) → 30 out (10 reasoning)`. */
function tokensText(
  counts: Pick<Generation, 'promptTokens' | 'completionTokens' | 'cachedTokens' | 'reasoningTokens'>,
): string | undefined {
  const { promptTokens, completionTokens, cachedTokens = 0, reasoningTokens = 0 } = counts;
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  const cached = cachedTokens === 0 ? '' : ` (${countText(cachedTokens)} cached)`;
  const reasoning = reasoningTokens === 0 ? '' : ` (${countText(reasoningTokens)} reasoning)`;
  return `${countText(promptTokens)} in${cached} → ${countText(completionTokens)} out${reasoning}`;
}

function attemptText({ provider, status, latencyMs }: NonNullable<Generation['attempts']>[number]): string {
  return [provider, status === undefined ? undefined : `HTTP ${status}`, timeText(latencyMs)]
    .filter((part) => part !== undefined)
    .join(', ');
}
