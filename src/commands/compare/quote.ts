import { type ComparisonQuote, type LaneMarket, quoteLanes } from '../../core/compare/quote-lanes.ts';
import type { LanePlan } from '../../core/compare/lane-plan.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { moneyText } from '../../output/text/money.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { retentionPolicy, tagsOfModel } from '../catalogue/retention-policy.ts';
import type { Context } from '../context.ts';
import { pastAnswer } from '../ledger/past-answer.ts';

/** A comparison does not wait longer than this for a catalog that is not stored, because it only estimates a cost. */
const PRICES_MS = 3000;

/** Returns what the requests may cost, with stored prices where there are any. Prices that are not known make it less precise. */
export async function quoteComparison(
  plans: readonly LanePlan[],
  settings: ChatSettings,
  context: Context,
): Promise<ComparisonQuote> {
  const names = [...new Set(plans.map(({ model }) => model))];
  const services = context.apis.for(settings);
  const { interrupt } = context.lifetime;
  const late = AbortSignal.any([interrupt, AbortSignal.timeout(PRICES_MS)]);
  const reading = await services
    .readCatalogue({ preferStored: true, signal: late, scope: scopeOf(names) })
    .catch(() => undefined);
  interrupt.throwIfAborted();
  const ledger = settings.ledger
    ? await context.stores
        .for(settings)
        .openLedger()
        .catch(() => undefined)
    : undefined;
  const needsZdr = retentionPolicy(settings) !== undefined;
  // Only a stored list, because a comparison does not wait for an estimate.
  const zdr = needsZdr ? await services.readZdrEndpoints({ offline: true }).catch(() => undefined) : undefined;
  const markets = new Map<string, LaneMarket>();
  for (const name of names) {
    const model = findListed(name, reading?.catalogue.models ?? []);
    const known = model && (await services.readEndpoints(model.id, { offline: true, signal: late }).catch(() => undefined));
    const endpoints = known?.catalogue.endpoints;
    markets.set(name, {
      model,
      endpoints: endpoints?.length === 0 ? undefined : endpoints,
      zeroRetention: zdr && model && tagsOfModel(zdr.catalogue.endpoints, model),
      pastAnswer: pastAnswer(ledger, name),
    });
  }
  return quoteLanes(
    plans,
    plans.map(({ model }) => markets.get(model)!),
    new Date(context.clock.now()),
  );
}

/** Returns the quote in words: `4 requests · about $0.0012–$0.0034`. */
export function comparisonQuoteText({ requests, low, high, unpriced }: ComparisonQuote): string {
  const count = `${requests} requests`;
  if (unpriced === requests) return `${count} · price not known`;
  const range = moneyText(low) === moneyText(high) ? moneyText(low) : `${moneyText(low)}–${moneyText(high)}`;
  return `${count} · about ${range}${unpriced === 0 ? '' : `; price of ${unpriced} not known`}`;
}

/** Prints the quote on a terminal. */
export function printQuote(quote: ComparisonQuote, { terminal: { streams, themeOf } }: Context): void {
  const { stderr } = streams;
  if (!stderr.isTTY || quote.unpriced === quote.requests) return;
  styled(stderr).write(`${themeOf(stderr).paint(['dim'], comparisonQuoteText(quote))}\n`);
}
