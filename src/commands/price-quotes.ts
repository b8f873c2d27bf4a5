import { priceKind } from '../core/price-kind.ts';
import { quoteEndpoints } from '../core/quote-range.ts';
import type { ModelQuote } from '../core/rank-quotes.ts';
import type { Settings } from '../core/settings.ts';
import { routingPreferences } from '../core/chat-request.ts';
import type { PlannedWorkload } from '../core/workload/plan-workload.ts';
import { OrxError } from '../errors.ts';
import { ageText } from '../output/number-text.ts';
import type { Cell } from '../output/table.ts';
import { visibleLine } from '../output/visible-text.ts';
import type { Endpoint, Model } from '../providers/catalogue.ts';
import type { Context } from './context.ts';

/** Each asks the API for the endpoints of one model, where there is no fresh copy. */
const MOST_RANGES = 20;

/** Whether so many models are quoted by their endpoints; else at the catalogue's prices. */
export function hasRanges(count: number): boolean {
  return count <= MOST_RANGES;
}

interface QuoteRun {
  settings: Settings;
  refresh: boolean;
  /** The API could not be reached for the catalogue: what is stored is taken, however old. */
  isOffline: boolean;
  /** Ask for endpoints. */
  isRange: boolean;
}

/** Quotes for all models at this moment, and what has to be said about them. */
export async function quoteModels(
  models: readonly Model[],
  workloads: readonly PlannedWorkload[],
  run: QuoteRun,
  context: Context,
): Promise<{ quotes: ModelQuote[]; notes: Cell[] }> {
  const { settings, isRange } = run;
  const routing = routingPreferences(settings);
  const notes: Cell[] = [];
  const zeroRetention = routing.zeroDataRetention === true && isRange ? await readZeroRetention(run, notes, context) : undefined;
  if (routing.dataCollection === 'deny')
    notes.push({ text: 'which endpoints train on prompts is not told by the API: fewer may be left', tone: 'dim' });
  const at = new Date(context.clock.now());
  const unknown: string[] = [];
  const staleAges: number[] = [];
  const quotes = await Promise.all(
    models.map(async (model, index): Promise<ModelQuote> => {
      const endpoints = isRange ? await readEndpoints(model, run, staleAges, context) : undefined;
      if (isRange && endpoints === undefined && isPriced(model)) unknown.push(model.id);
      const knowledge = { zeroRetention: zeroRetention?.(model) };
      const workload = workloads[index]!;
      return { model, workload, quote: quoteEndpoints(model, endpoints, workload, routing, at, knowledge) };
    }),
  );
  if (staleAges.length > 0)
    notes.push({ text: `! endpoints are a stored copy, up to ${ageText(Math.max(...staleAges))} old`, tone: 'warning' });
  if (unknown.length > 0)
    notes.push({
      text: `! endpoints are not known of ${visibleLine(unknown.sort().join(', '))}: the catalogue's price`,
      tone: 'warning',
    });
  return { quotes, notes };
}

function isPriced(model: Model): boolean {
  return ['free', 'per-token'].includes(priceKind(model));
}

/** Undefined where they cannot be had: the catalogue's price has to do. */
async function readEndpoints(
  model: Model,
  { settings, refresh, isOffline }: QuoteRun,
  staleAges: number[],
  context: Context,
): Promise<readonly Endpoint[] | undefined> {
  // A router has none, and what is paid in other units has no price that an endpoint could change.
  if (!isPriced(model)) return undefined;
  try {
    const reading = await context.readEndpoints(settings, model.id, {
      signal: context.interrupt,
      refresh,
      preferStored: isOffline,
    });
    if (isOffline || reading.staleBecause !== undefined) staleAges.push(reading.ageMs);
    return reading.catalogue.endpoints;
  } catch (error) {
    return passOver(error);
  }
}

async function readZeroRetention(
  { settings, refresh, isOffline }: QuoteRun,
  notes: Cell[],
  context: Context,
): Promise<((model: Model) => ReadonlySet<string>) | undefined> {
  try {
    const { endpoints } = (
      await context.readZdrEndpoints(settings, { signal: context.interrupt, refresh, preferStored: isOffline })
    ).catalogue;
    return ({ id, aliasTarget, canonicalSlug }) =>
      new Set(endpoints.filter(({ modelId }) => [id, aliasTarget, canonicalSlug].includes(modelId)).map(({ tag }) => tag));
  } catch (error) {
    notes.push({ text: '! which endpoints keep nothing is not known: the range is that of all of them', tone: 'warning' });
    return passOver(error);
  }
}

/** A failure of the API costs a quote its sharpness; what the user did or set is an error as everywhere. */
function passOver(error: unknown): undefined {
  if (!(error instanceof OrxError) || error.kind === 'usage' || error.kind === 'interrupted') throw error;
  return undefined;
}
