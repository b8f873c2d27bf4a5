import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { MarketFacts } from '../../core/models/market-facts.ts';
import { mapAtMost } from '../../core/models/map-at-most.ts';
import { type ErrorKind, OrxError } from '../../errors.ts';
import { endpointNotes } from '../../output/models/catalogue-note.ts';
import type { Cell } from '../../output/table/table.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';

const AT_ONCE = 16;
const PATIENCE_MS = 1000;
/** Errors that the next request would get as well. */
const GENERAL: ReadonlySet<ErrorKind> = new Set(['network', 'rate-limit', 'authentication']);

export interface FactsReading {
  refresh?: boolean | undefined;
  offline?: boolean | undefined;
}

/** The result of reading the endpoints of one model. */
interface Found {
  endpoints?: readonly Endpoint[];
  ageMs: number;
  error?: unknown;
}

/**
 * Reads the endpoints of these models: from stored copies while they are fresh, else from the API, with at most 16 requests at
 * once. Prints a notice on standard error if this takes over a second. Omits models whose endpoints are not available; a note
 * states how many. Throws if no model has any.
 */
export async function readEndpointFacts(
  models: readonly Model[],
  settings: ConnectionSettings,
  context: Context,
  options: FactsReading,
): Promise<{ endpoints: MarketFacts['endpoints']; notes: Cell[] }> {
  let isHopeless = options.offline === true;
  const read = async ({ id }: Model): Promise<Found> => {
    try {
      const reading = await context.apis
        .for(settings)
        .readEndpoints(id, { ...options, offline: isHopeless, signal: context.lifetime.interrupt });
      isHopeless ||= reading.staleBecause !== undefined;
      return { endpoints: reading.catalogue.endpoints, ageMs: reading.ageMs };
    } catch (error) {
      if (!(error instanceof OrxError) || error.kind === 'interrupted') throw error;
      // A router has no endpoints.
      if (error.kind === 'no-endpoint') return { endpoints: [], ageMs: 0 };
      isHopeless ||= GENERAL.has(error.kind);
      return { ageMs: 0, error };
    }
  };
  const matches = await withNotice(models.length, context, () => mapAtMost(AT_ONCE, models, read));
  const missing = matches.filter(({ endpoints }) => endpoints === undefined);
  if (missing.length > 0 && missing.length === models.length) throw noFacts(models.length, matches, options);
  const known = models.flatMap(({ id }, index) => {
    const endpoints = matches[index]!.endpoints;
    return endpoints === undefined ? [] : [[id, endpoints] as const];
  });
  const oldest = matches.reduce((most, { ageMs }) => Math.max(most, ageMs), 0);
  return { endpoints: new Map(known), notes: endpointNotes(missing.length, models.length, oldest) };
}

/** Returns the ids of the models with zero data retention at one endpoint at least. */
export async function readZdrModels(
  settings: ConnectionSettings,
  context: Context,
  options: FactsReading,
): Promise<{ zdrModels: ReadonlySet<string>; notes: Cell[] }> {
  const { catalogue, ageMs } = await context.apis
    .for(settings)
    .readZdrEndpoints({ ...options, signal: context.lifetime.interrupt });
  const ids = catalogue.endpoints.map(({ modelId }) => modelId).filter((id) => id !== undefined);
  return { zdrModels: new Set(ids), notes: endpointNotes(0, 0, ageMs) };
}

async function withNotice<T>(count: number, { terminal: { streams }, clock }: Context, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const notice = clock
    .sleep(PATIENCE_MS, done.signal)
    .then(() => void streams.stderr.write(`note: reading the endpoints of ${count} models …\n`))
    .catch(() => undefined);
  try {
    return await work();
  } finally {
    done.abort();
    await notice;
  }
}

function noFacts(count: number, matches: readonly Found[], { offline }: FactsReading): unknown {
  if (offline !== true) return matches.find(({ error }) => error !== undefined)?.error;
  return new OrxError(`no endpoints of these ${count} models are stored (needed for provider, quantization, speed and uptime)`, {
    kind: 'network',
    code: 'no-stored-copy',
    hints: ['run the command once without --offline, to fill the cache'],
  });
}
