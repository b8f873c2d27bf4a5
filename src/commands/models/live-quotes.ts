import type { LiveTable } from '../../core/models/live/state.ts';
import { quoteTokens } from '../../core/models/live/quote.ts';
import { type EndpointKnowledge, quoteEndpoints } from '../../core/price/quote-range.ts';
import { planWorkload, type WorkloadPlan } from '../../core/price/plan-workload.ts';
import { rankQuotes } from '../../core/price/rank-quotes.ts';
import { decimal } from '../../decimal.ts';
import { priceTable } from '../../output/price/table.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { RoutingPreferences } from '../../apis/completion.ts';
import type { ShownQuote } from '../../ui/models/quote.ts';

/** The endpoints of a model, and which of them the data policy allows, if that is known. */
interface KnownEndpoints extends EndpointKnowledge {
  endpoints: readonly Endpoint[];
}

export interface LiveQuoteServices {
  /** Returns a model's endpoints; undefined if they are unknown, so that the catalog's price is used. */
  endpoints: (model: Model) => Promise<KnownEndpoints | undefined>;
  routing: RoutingPreferences;
  /** Returns milliseconds since 1970: some prices depend on the time of day. */
  now: () => number;
  /** Called when endpoints of a model arrive. */
  onChange: () => void;
}

/** The prices in the live table, as in `orx price`: from the catalog at first, from endpoints once they are known. */
export interface LiveQuotes {
  /** Requests the unknown endpoints of the models that the table quotes. */
  ask: (table: LiveTable) => void;
  view: (table: LiveTable) => ShownQuote | undefined;
}

export function createLiveQuotes({ endpoints: read, routing, now, onChange }: LiveQuoteServices): LiveQuotes {
  const known = new Map<string, KnownEndpoints | 'asked' | 'unknown'>();
  let drawn: { quote: LiveTable['quote']; models: readonly Model[]; shown: ShownQuote } | undefined;

  const modelsOf = ({ quote, models }: LiveTable): Model[] =>
    (quote?.models ?? []).flatMap((id) => models.find((model) => model.id === id) ?? []);
  const learn = async (model: Model): Promise<void> => {
    known.set(model.id, 'asked');
    const told = await read(model).catch(() => undefined);
    known.set(model.id, told ?? 'unknown');
    drawn = undefined;
    onChange();
  };
  return {
    ask(table) {
      for (const model of modelsOf(table)) if (!known.has(model.id)) void learn(model);
    },
    view(table) {
      const { quote, models, pane } = table;
      if (quote === undefined || pane !== 'price') return undefined;
      if (drawn?.quote === quote && drawn.models === models) return drawn.shown;
      const asked = modelsOf(table);
      const plan: WorkloadPlan = { ...NO_PLAN, output: quoteTokens(quote, 'out') };
      const prompt = { tokens: quoteTokens(quote, 'in') };
      const quotes = asked.map((model) => {
        const told = known.get(model.id);
        const workload = planWorkload(model.id, prompt, plan);
        const { endpoints, ...knowledge } = typeof told === 'object' ? told : {};
        return { model, workload, quote: quoteEndpoints(model, endpoints, workload, routing, new Date(now()), knowledge) };
      });
      const isAsking = asked.some(({ id }) => known.get(id) === 'asked');
      const shown = { quote, isAsking, table: priceTable(rankQuotes(quotes), { short: true }) };
      drawn = { quote, models, shown };
      return shown;
    },
  };
}

const NO_PLAN: WorkloadPlan = {
  cachedShare: decimal(0),
  cacheWriteShare: decimal(0),
  output: undefined,
  usesPast: false,
  reasoning: 0,
  images: [],
  searches: 0,
};
