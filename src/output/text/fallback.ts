import { isSameName } from '../../core/model-id/served-model.ts';
import type { LedgerEntry } from '../../storage/ledger/entry.ts';

/** Returns why another model or provider answered, such as `instead of a/one: rate-limit 429`. Undefined for an ordinary request. */
export function fallbackText(
  entry: Pick<LedgerEntry, 'fallbackFrom' | 'fallbackReason' | 'requestedModel' | 'servedModel'>,
): string | undefined {
  const { fallbackFrom, fallbackReason, requestedModel, servedModel = requestedModel } = entry;
  if (fallbackFrom === undefined && fallbackReason === undefined) return undefined;
  const asked = fallbackFrom ?? requestedModel;
  if (isSameName(asked, servedModel)) return fallbackReason === undefined ? undefined : `after ${fallbackReason}`;
  return `instead of ${asked}${fallbackReason === undefined ? '' : `: ${fallbackReason}`}`;
}
