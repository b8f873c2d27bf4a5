import type { ConnectionSettings, RoutingSettings } from '../../core/settings/groups.ts';
import { priceKind } from '../../core/price/kind.ts';
import { OrxError } from '../../errors.ts';
import type { Cell } from '../../output/table/table.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';

/** What a run of price asks the API for. */
export interface QuoteRun {
  settings: ConnectionSettings & RoutingSettings;
  refresh: boolean;
  /** The API could not be reached for the catalogue: what is stored is taken, however old. */
  isOffline: boolean;
  /** Ask for endpoints. */
  isRange: boolean;
}

/** Whether an endpoint could change what is told of the model. */
export function isPriced(model: Model): boolean {
  return ['free', 'per-token'].includes(priceKind(model));
}

/** Undefined where they cannot be had: the catalogue's price has to do. */
export async function readEndpoints(
  model: Model,
  { settings, refresh, isOffline }: QuoteRun,
  staleAges: number[],
  context: Context,
): Promise<readonly Endpoint[] | undefined> {
  // A router has none, and what is paid in other units has no price that an endpoint could change.
  if (!isPriced(model)) return undefined;
  try {
    const reading = await context.apis.for(settings).readEndpoints(model.id, {
      signal: context.lifetime.interrupt,
      refresh,
      preferStored: isOffline,
    });
    if (isOffline || reading.staleBecause !== undefined) staleAges.push(reading.ageMs);
    return reading.catalogue.endpoints;
  } catch (error) {
    return passOver(error);
  }
}

/** The tags of a model's endpoints that keep nothing of a prompt. Undefined, with a note, where that cannot be had. */
export async function readZeroRetention(
  { settings, refresh, isOffline }: QuoteRun,
  notes: Cell[],
  context: Context,
): Promise<((model: Model) => ReadonlySet<string>) | undefined> {
  try {
    const { endpoints } = (
      await context.apis.for(settings).readZdrEndpoints({ signal: context.lifetime.interrupt, refresh, preferStored: isOffline })
    ).catalogue;
    return ({ id, aliasTarget, canonicalSlug }) =>
      new Set(endpoints.filter(({ modelId }) => [id, aliasTarget, canonicalSlug].includes(modelId)).map(({ tag }) => tag));
  } catch (error) {
    notes.push({
      text: 'warning: unknown which endpoints have zero data retention; the range covers all endpoints',
      tone: 'warning',
    });
    return passOver(error);
  }
}

/** A failure of the API costs a quote its sharpness; what the user did or set is an error as everywhere. */
function passOver(error: unknown): undefined {
  if (!(error instanceof OrxError) || error.kind === 'usage' || error.kind === 'interrupted') throw error;
  return undefined;
}
