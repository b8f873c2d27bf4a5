import { isDirect } from '../../apis/direct-id.ts';
import type { Model } from '../../apis/catalogue.ts';
import { findListed } from '../../core/models/find-listed.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { type Hint, type OrxError, withFacts } from '../../errors.ts';
import type { Context } from '../context.ts';

/**
 * Returns the requested model that the API has removed, as it was last listed: in the stored catalog with a date in the past, or in a past catalog.
 * Undefined if the model is listed, was never seen, or nothing is known. Never rejects.
 */
export async function findRemovedModel(
  error: OrxError,
  asked: readonly string[],
  models: readonly Model[],
  settings: ConnectionSettings,
  { stores, clock }: Context,
): Promise<Model | undefined> {
  const routed = asked.filter((name) => !isDirect(name));
  // The API reports the failure of the last model of a list.
  const name = routed.find((one) => error.message.includes(one)) ?? routed.at(-1);
  if (name === undefined || models.length === 0 || settings.sandbox) return undefined;
  const listed = findListed(name, models);
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  if (listed !== undefined) return (listed.expirationDate ?? today) < today ? listed : undefined;
  try {
    return (await stores.for(settings).openMarket()).history(name).at(-1)?.model;
  } catch {
    return undefined;
  }
}

/** Returns the error for a model that the API has removed, whatever the API says about it. */
export function modelRemoved(error: OrxError, { expirationDate }: Model, hints: readonly Hint[] = error.hints): OrxError {
  const lines = expirationDate === undefined ? [] : [`it was available until ${expirationDate}`];
  return withFacts(error, {
    what: 'this model has been removed',
    why: error.why ?? error.message,
    hints,
    ...(lines.length > 0 && { more: { lines, json: { available_until: expirationDate } } }),
    cause: error,
  });
}
