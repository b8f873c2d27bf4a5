import { decimal, type Decimal } from '../../decimal.ts';
import type { Endpoint, Model } from '../../apis/catalogue.ts';
import { quoteEndpoints } from '../price/quote-range.ts';
import { routingPreferences } from '../request/chat-request.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { FEWEST_ITEMS } from '../statistics/conclusion.ts';
import { smallestDifference } from '../statistics/planning.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import type { MatrixLane } from './cell.ts';

/** Tokens of an answer of which nothing is known. */
export const EXPECTED_ANSWER = 500;

/** The requests of a lane that are not answered yet. */
export interface LaneWork {
  requests: number;
  promptTokens: number;
}

/** What a quote needs of a lane. */
export type QuotedLane = Pick<MatrixLane, 'name' | 'settings'>;

/** What is known of the model of a lane. */
export interface LaneFacts {
  /** It runs on this machine and costs nothing. */
  isLocal: boolean;
  /** Undefined if it is not in the catalog. */
  model: Model | undefined;
  /** Undefined if they are not known. */
  endpoints: readonly Endpoint[] | undefined;
  /** Tags of its endpoints that store nothing. Undefined if they are not known, or if no lane requires it. */
  zeroRetention?: ReadonlySet<string> | undefined;
  /** Median length of its past answers in tokens. */
  pastAnswer: number | undefined;
}

/** What the requests of a run may cost before they are sent, in USD. */
export interface MatrixQuote {
  requests: number;
  low: Decimal;
  high: Decimal;
  /** Names of lanes whose price is not known: the range does not include them. */
  unpriced: readonly string[];
}

/** Adds the requests of a case to the work of a lane: each question with the conversation before it. */
export function addWork(work: LaneWork, { prompt, followUps }: TestCase, answerTokens: number, from = 0): LaneWork {
  let tokens = prompt.reduce((sum, { text }) => sum + estimateTokens(text), 0);
  let { requests, promptTokens } = work;
  for (let turn = 0; turn <= followUps.length; turn += 1) {
    if (turn > 0) tokens += answerTokens + estimateTokens(followUps[turn - 1]!);
    if (turn < from) continue;
    requests += 1;
    promptTokens += tokens;
  }
  return { requests, promptTokens };
}

/** Returns the expected length of an answer of a lane, in tokens. */
export function answerTokens({ settings }: Pick<MatrixLane, 'settings'>, { pastAnswer }: Pick<LaneFacts, 'pastAnswer'>): number {
  return Math.min(Math.round(pastAnswer ?? EXPECTED_ANSWER), settings['max-tokens'] ?? Infinity);
}

/** Returns the range of what the work of all lanes costs: at the cheapest and at the most expensive endpoints that may answer. */
export function quoteMatrix(lanes: readonly { lane: QuotedLane; work: LaneWork; facts: LaneFacts }[], at: Date): MatrixQuote {
  let [low, high] = [decimal(0), decimal(0)];
  let requests = 0;
  const unpriced: string[] = [];
  for (const { lane, work, facts } of lanes) {
    requests += work.requests;
    if (work.requests === 0 || facts.isLocal) continue;
    const workload = {
      promptTokens: Math.round(work.promptTokens / work.requests),
      completionTokens: answerTokens(lane, facts),
    };
    const quote =
      facts.model === undefined
        ? undefined
        : quoteEndpoints(facts.model, facts.endpoints, workload, routingPreferences(lane.settings), at, facts);
    if (quote?.kind !== 'amount') {
      unpriced.push(lane.name);
      continue;
    }
    low = low.plus(quote.low.total.times(work.requests));
    high = high.plus(quote.high.total.times(work.requests));
  }
  return { requests, low, high, unpriced };
}

/** Returns a quote for the requests of both. */
export function sumOfQuotes(one: MatrixQuote, other: MatrixQuote): MatrixQuote {
  return {
    requests: one.requests + other.requests,
    low: one.low.plus(other.low),
    high: one.high.plus(other.high),
    unpriced: [...one.unpriced, ...other.unpriced],
  };
}

/**
 * Returns the smallest difference of two lanes' pass rates that these cases find, from 0 to 1; 1 or more if they are too few for
 * any; undefined with fewer than two lanes or without cases.
 */
export function detectableDifference(cases: number, repetitions: number, lanes: number): number | undefined {
  const difference = lanes < 2 ? undefined : smallestDifference(cases, { a: repetitions, b: repetitions });
  // Below this number no difference is called one, however large it is.
  return difference !== undefined && cases < FEWEST_ITEMS ? Math.max(1, difference) : difference;
}
