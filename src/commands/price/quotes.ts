import { quoteEndpoints } from '../../core/price/quote-range.ts';
import type { ModelQuote } from '../../core/price/rank-quotes.ts';
import { routingPreferences } from '../../core/request/chat-request.ts';
import type { PlannedWorkload } from '../../core/price/plan-workload.ts';
import { ageText } from '../../output/text/number.ts';
import type { Cell } from '../../output/table/table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { retentionPolicy } from '../catalogue/retention-policy.ts';
import { isPriced, type QuoteRun, readEndpoints, readZeroRetentionEndpoints } from './endpoints.ts';

/** The most models that are quoted by endpoint: each takes a request to the API if there is no fresh copy. */
const MOST_RANGES = 20;

/** Returns whether this many models are quoted by their endpoints instead of the catalog's prices. */
export function hasRanges(count: number): boolean {
  return count <= MOST_RANGES;
}

interface QuotedModels {
  quotes: ModelQuote[];
  notes: Cell[];
  /** Only endpoints that the data policy allows are quoted. */
  isByPolicy: boolean;
}

/**
 * Returns quotes for all models at the current time. A long list leaves out the models that the data policy excludes; a short one says why they have
 * no price.
 */
export async function quoteModels(
  models: readonly Model[],
  workloads: readonly PlannedWorkload[],
  run: QuoteRun,
  context: Context,
): Promise<QuotedModels> {
  const { settings, isRange } = run;
  const routing = routingPreferences(settings);
  const notes: Cell[] = [];
  const zeroRetention = routing.zeroDataRetention === true ? await readZeroRetentionEndpoints(run, notes, context) : undefined;
  if (routing.dataCollection === 'deny')
    notes.push({ text: 'the API does not say which endpoints train on prompts: fewer may be left', tone: 'dim' });
  const at = new Date(context.clock.now());
  const unknown: string[] = [];
  const staleAges: number[] = [];
  const quoted = await Promise.all(
    models.map(async (model, index): Promise<ModelQuote | undefined> => {
      const compliant = zeroRetention?.(model);
      if (!isRange && compliant?.length === 0) return undefined;
      // One list has the compliant endpoints of all models; all endpoints take a request for each model.
      const endpoints = isRange ? await readEndpoints(model, run, staleAges, context) : compliant;
      if (isRange && endpoints === undefined && isPriced(model)) unknown.push(model.id);
      const workload = workloads[index]!;
      const knowledge = { zeroRetention: compliant && new Set(compliant.map(({ tag }) => tag)) };
      return { model, workload, quote: quoteEndpoints(model, endpoints, workload, routing, at, knowledge) };
    }),
  );
  const quotes = quoted.filter((quote) => quote !== undefined);
  const excluded = models.length - quotes.length;
  if (excluded > 0)
    notes.push({
      text: `${excluded} of ${models.length} models left out: no endpoint that ${retentionPolicy(settings)} allows`,
    });
  if (staleAges.length > 0)
    notes.push({ text: `warning: endpoints are a stored copy, up to ${ageText(Math.max(...staleAges))} old`, tone: 'warning' });
  if (unknown.length > 0)
    notes.push({
      text: `warning: no endpoints known of ${visibleLine(unknown.sort().join(', '))}; using the catalog price`,
      tone: 'warning',
    });
  return { quotes, notes, isByPolicy: zeroRetention !== undefined };
}
