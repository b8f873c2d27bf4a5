import { decimal, type Decimal } from '../../decimal.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import { messageText } from '../../apis/message.ts';
import { quoteEndpoints } from '../price/quote-range.ts';
import { routingPreferences } from '../request/chat-request.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import type { LanePlan } from './lane-plan.ts';
import { type Lane, laneTokens } from './state.ts';

/** What is known of the model of a lane before its request is sent. */
export interface LaneMarket {
  /** Undefined if no catalog lists it. */
  model: Model | undefined;
  /** Undefined if they are not known: the price is that of the catalog. */
  endpoints: readonly Endpoint[] | undefined;
  /** Tags of its endpoints that store nothing. Undefined if they are not known, or if the settings do not require it. */
  zeroRetention?: ReadonlySet<string> | undefined;
  /** Median length of its past answers, in tokens. */
  pastAnswer: number | undefined;
}

/** What a comparison may cost, in USD. */
export interface ComparisonQuote {
  requests: number;
  low: Decimal;
  high: Decimal;
  /** Requests whose price is not known. The range does not include them. */
  unpriced: number;
  /** Prices of each request, to estimate its cost while it streams. Undefined if they are not known. */
  prices: readonly (LanePrices | undefined)[];
}

/** USD at the cheapest endpoint that may answer. */
export interface LanePrices {
  prompt: Decimal;
  answerToken: Decimal;
}

/** Returns what a lane has cost so far; undefined if its prices are not known, or before its first token. */
export function runningCost(lane: Lane, prices: LanePrices | undefined): Decimal | undefined {
  const counted = laneTokens(lane);
  return prices === undefined || counted === undefined ? undefined : prices.prompt.plus(prices.answerToken.times(counted.tokens));
}

/** Tokens of an answer if the ledger has none of the model and `max-tokens` is not set. */
const EXPECTED_ANSWER = 1000;

/** Returns the range of what the requests cost: at the cheapest and the most expensive endpoints that may answer. */
export function quoteLanes(plans: readonly LanePlan[], markets: readonly LaneMarket[], at: Date): ComparisonQuote {
  let [low, high, unpriced] = [decimal(0), decimal(0), 0];
  const prices = plans.map((plan, index): LanePrices | undefined => {
    const { model, endpoints, pastAnswer, zeroRetention } = markets[index]!;
    const { settings, messages } = plan;
    const promptTokens = [settings.system ?? '', ...messages.map(messageText)].reduce(
      (sum, text) => sum + estimateTokens(text),
      0,
    );
    const answer = Math.min(Math.round(pastAnswer ?? EXPECTED_ANSWER), settings['max-tokens'] ?? Number.POSITIVE_INFINITY);
    const quote = (completionTokens: number) =>
      model &&
      quoteEndpoints(model, endpoints, { promptTokens, completionTokens }, routingPreferences(settings), at, { zeroRetention });
    const [range, prompt] = [quote(answer), quote(0)];
    if (range?.kind !== 'amount' || prompt?.kind !== 'amount') {
      unpriced += 1;
      return undefined;
    }
    low = low.plus(range.low.total);
    high = high.plus(range.high.total);
    const spent = prompt.low.total;
    return { prompt: spent, answerToken: range.low.total.minus(spent).div(Math.max(1, answer)) };
  });
  return { requests: plans.length, low, high, unpriced, prices };
}
