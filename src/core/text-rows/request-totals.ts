import type { Usage } from '../../apis/completion.ts';
import type { RerankUsage } from '../../apis/rerank.ts';
import { type Decimal, decimal, decimalText } from '../../decimal.ts';
import { paidCost } from '../../paid-cost.ts';

/** What the requests of a command used. */
export interface RequestSums {
  requests: number;
  /** Rows with a result. */
  texts: number;
  /** Undefined if no reply counts them. */
  tokens: number | undefined;
  searchUnits: number | undefined;
  /** USD as exact decimal text. Undefined if no cost is known. */
  cost: string | undefined;
  /** Requests whose cost is not known. */
  withoutCost: number;
  /** orx computed at least one cost from prices. */
  isComputed: boolean;
  /** The model and the provider that answered first. */
  model: string | undefined;
  provider: string | undefined;
}

interface Reply {
  model: string;
  provider?: string | undefined;
  usage?: (Usage & Pick<RerankUsage, 'searchUnits'>) | undefined;
}

/** Adds up the replies of a command. */
export class RequestTotals {
  #cost: Decimal | undefined;
  readonly #sums: { -readonly [K in keyof RequestSums]: RequestSums[K] } = {
    requests: 0,
    texts: 0,
    tokens: undefined,
    searchUnits: undefined,
    cost: undefined,
    withoutCost: 0,
    isComputed: false,
    model: undefined,
    provider: undefined,
  };

  add({ model, provider, usage }: Reply, texts: number): void {
    const sums = this.#sums;
    sums.requests += 1;
    sums.texts += texts;
    sums.model ??= model;
    sums.provider ??= provider;
    const { promptTokens = 0, searchUnits, isComputed } = usage ?? {};
    if (promptTokens > 0) sums.tokens = (sums.tokens ?? 0) + promptTokens;
    if (searchUnits !== undefined) sums.searchUnits = (sums.searchUnits ?? 0) + searchUnits;
    const cost = usage === undefined ? undefined : paidCost(usage);
    if (cost === undefined) sums.withoutCost += 1;
    else this.#cost = (this.#cost ?? decimal(0)).plus(cost);
    sums.isComputed ||= isComputed === true;
  }

  /** Adds a request that failed after the API had accepted it. */
  addUnknown(): void {
    this.#sums.requests += 1;
    this.#sums.withoutCost += 1;
  }

  sums(): RequestSums {
    return { ...this.#sums, cost: this.#cost === undefined ? undefined : decimalText(this.#cost) };
  }
}
