import { type Decimal, decimal } from '../../decimal.ts';

/** What asking a judge has cost. */
export interface JudgeSpending {
  requests: number;
  /** USD. */
  cost: Decimal;
  /** Requests whose cost is not known. */
  unknown: number;
}

/** The spending of a question that was not asked. */
export const NOTHING_SPENT: JudgeSpending = { requests: 0, cost: decimal(0), unknown: 0 };

/** Returns the sum of what several questions have cost. */
export function totalSpending(all: readonly JudgeSpending[]): JudgeSpending {
  return all.reduce(
    (sum, { requests, cost, unknown }) => ({
      requests: sum.requests + requests,
      cost: sum.cost.plus(cost),
      unknown: sum.unknown + unknown,
    }),
    NOTHING_SPENT,
  );
}
