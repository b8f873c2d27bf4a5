import type { ConnectionSettings, RoutingSettings } from '../../core/settings/groups.ts';
import { priceKind } from '../../core/price/kind.ts';
import { OrxError } from '../../errors.ts';
import type { Cell } from '../../output/table/table.ts';
import { vendorOf } from '../../core/model-id/direct-name.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import { endpointsOfModel } from '../catalogue/retention-policy.ts';
import type { Context } from '../context.ts';

/** What `orx price` requests from the API. */
export interface QuoteRun {
  settings: ConnectionSettings & RoutingSettings;
  refresh: boolean;
  /** The API could not be reached for the catalog, so stored copies of any age are used. */
  isOffline: boolean;
  /** Request endpoints. */
  isRange: boolean;
}

/** Returns whether an endpoint could change the model's price. */
export function isPriced(model: Model): boolean {
  return ['free', 'per-token'].includes(priceKind(model));
}

/** Returns the endpoints of a model; undefined if they are not available, so that the catalog's price is used. */
export async function readEndpoints(
  model: Model,
  { settings, refresh, isOffline }: QuoteRun,
  staleAges: number[],
  context: Context,
): Promise<readonly Endpoint[] | undefined> {
  // A router has no endpoints, and a price in other units does not depend on the endpoint.
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

/**
 * Returns a function that returns the zero-retention endpoints of a model; undefined for a model whose endpoints all comply. Returns
 * undefined and adds a note if they are not available.
 */
export async function readZeroRetentionEndpoints(
  { settings, refresh, isOffline }: QuoteRun,
  notes: Cell[],
  context: Context,
): Promise<((model: Model) => readonly Endpoint[] | undefined) | undefined> {
  try {
    const services = context.apis.for(settings);
    const { endpoints } = (
      await services.readZdrEndpoints({ signal: context.lifetime.interrupt, refresh, preferStored: isOffline })
    ).catalogue;
    const local = new Set(services.vendors().flatMap(({ name, isLocal }) => (isLocal === true ? [name] : [])));
    return (model) => {
      const vendor = vendorOf(model.id);
      // A server on the user's own machine satisfies every policy.
      if (vendor !== undefined && local.has(vendor)) return undefined;
      return endpointsOfModel(endpoints, model);
    };
  } catch (error) {
    notes.push({
      text: 'warning: unknown which endpoints have zero data retention; the range covers all endpoints',
      tone: 'warning',
    });
    return passOver(error);
  }
}

/** Returns undefined for a failure of the API, which only makes a quote less precise. Throws errors that the user caused. */
function passOver(error: unknown): undefined {
  if (!(error instanceof OrxError) || error.kind === 'usage' || error.kind === 'interrupted') throw error;
  return undefined;
}
