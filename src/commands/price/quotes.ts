import { quoteEndpoints } from '../../core/price/quote-range.ts';
import type { ModelQuote } from '../../core/price/rank-quotes.ts';
import { routingPreferences } from '../../core/request/chat-request.ts';
import type { PlannedWorkload } from '../../core/price/plan-workload.ts';
import { ageText } from '../../output/text/number.ts';
import type { Cell } from '../../output/table/table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { isPriced, type QuoteRun, readEndpoints, readZeroRetention } from './endpoints.ts';

/** The most models that are quoted by endpoint: each takes a request to the API if there is no fresh copy. */
const MOST_RANGES = 20;

/** Returns whether this many models are quoted by their endpoints instead of the catalog's prices. */
export function hasRanges(count: number): boolean {
  return count <= MOST_RANGES;
}

/** Returns quotes for all models at the current time, and notes about them. */
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
    notes.push({ text: 'the API does not say which endpoints train on prompts: fewer may be left', tone: 'dim' });
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
    notes.push({ text: `warning: endpoints are a stored copy, up to ${ageText(Math.max(...staleAges))} old`, tone: 'warning' });
  if (unknown.length > 0)
    notes.push({
      text: `warning: no endpoints known of ${visibleLine(unknown.sort().join(', '))}; using the catalog price`,
      tone: 'warning',
    });
  return { quotes, notes };
}
