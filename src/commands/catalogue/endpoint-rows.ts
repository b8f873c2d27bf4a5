import { isDirect } from '../../apis/direct-id.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { keepsNothingBy } from '../../core/models/filter-endpoints.ts';
import { OrxError } from '../../errors.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import type { EndpointRow } from '../../output/models/endpoints-table.ts';
import type { Cell } from '../../output/table/table.ts';
import type { Model, ModelEndpoint } from '../../apis/catalogue.ts';
import type { MeasuredSpeed } from '../../storage/ledger/reports/report.ts';
import type { Context } from '../context.ts';

interface EndpointReading {
  rows: readonly EndpointRow[];
  ageMs: number;
  notes: readonly Cell[];
}

interface RowOptions {
  refresh?: boolean | undefined;
  /** The zero-retention list is required, not only shown: fails without it. */
  needsZdr?: boolean | undefined;
}

/**
 * Returns the endpoints of a model in the API's order, with their data policy from the API and the speeds that the ledger
 * measured.
 */
export async function readEndpointRows(
  context: Context,
  settings: ConnectionSettings,
  model: Model,
  { refresh, needsZdr }: RowOptions,
): Promise<EndpointReading> {
  const reading = { signal: context.lifetime.interrupt, refresh };
  // A vendor is the only endpoint of its model; the user's contract with it states what it retains.
  const isOneOfMany = !isDirect(model.id);
  const [list, zdr, measured] = await Promise.all([
    context.apis.for(settings).readEndpoints(model.id, reading),
    isOneOfMany ? readZdr(context, settings, { ...reading, needsZdr }) : undefined,
    measuredSpeeds(context, settings, model.id),
  ]);
  const { endpoints } = list.catalogue;
  const keepsNothing = keepsNothingBy(zdr, [model.id, model.aliasTarget, model.canonicalSlug]);
  const rows = endpoints.map((endpoint) => ({
    endpoint,
    keepsNothing: keepsNothing(endpoint),
    measured: measured.find(({ provider }) => provider.toLowerCase() === endpoint.providerName.toLowerCase()),
  }));
  const tellsSpeed = endpoints.some(({ latency, throughput }) => latency !== undefined || throughput !== undefined);
  return {
    rows,
    ageMs: list.ageMs,
    notes: [
      ...staleNotes(list),
      ...(endpoints.length === 0 ? [{ text: 'no endpoints of its own: it routes requests to other models' }] : []),
      ...(isOneOfMany && endpoints.length > 0 && !tellsSpeed && settings['api-key'] === undefined
        ? [{ text: 'the API returns latency and throughput only with a key: orx auth login' }]
        : []),
    ],
  };
}

async function readZdr(
  context: Context,
  settings: ConnectionSettings,
  { needsZdr, ...reading }: { needsZdr: boolean | undefined; signal: AbortSignal; refresh: boolean | undefined },
): Promise<readonly ModelEndpoint[] | undefined> {
  try {
    return (await context.apis.for(settings).readZdrEndpoints(reading)).catalogue.endpoints;
  } catch (error) {
    if (needsZdr === true || !(error instanceof OrxError) || error.kind === 'interrupted') throw error;
    return undefined;
  }
}

/** Returns the measured speeds; none if the ledger cannot be read, because they only fill two optional columns. */
async function measuredSpeeds(context: Context, settings: ConnectionSettings, model: string): Promise<readonly MeasuredSpeed[]> {
  try {
    return (await context.stores.for(settings).openLedger()).measuredSpeeds(model);
  } catch {
    return [];
  }
}
