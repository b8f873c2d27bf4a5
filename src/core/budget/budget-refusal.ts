import { decimal, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import type { BudgetPeriod, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import { limitWords } from './budget-words.ts';

interface Refusal {
  most: Decimal;
  fitting: number;
  isUnpriced?: boolean;
  fitsLater?: boolean;
  request: ChatRequest;
}

/**
 * Returns the error object, with status 402, for a client of the gateway whose request would exceed a budget: which budget, and what would fit.
 * It contains nothing about the gateway's machine, such as the project folder.
 */
export function budgetRefusal({ budget, span, spent, reserved, left }: BudgetStanding, refusal: Refusal): unknown {
  const { most, fitting, isUnpriced, fitsLater, request } = refusal;
  const isPriced = most.gt(0);
  // A budget that was lowered may be exceeded.
  const rest = decimal(left).lt(0) ? '0' : left;
  return {
    message: messageOf(budget.limit, budget.period, rest, refusal),
    code: 402,
    metadata: {
      error_type: 'payment_required',
      limit_source: fitsLater === true ? 'orx_in_flight_budget' : 'orx_budget',
      reason: fitsLater === true ? 'in_flight_budget_exhausted' : 'weight_exceeds_budget',
      budget: {
        number: budget.id,
        period: budget.period,
        key: budget.clientKey ?? null,
        tag: budget.tag ?? null,
        model: budget.model ?? null,
        vendor: budget.vendor ?? null,
      },
      limit_usd: number(budget.limit),
      spend_usd: number(spent),
      reserved_usd: number(reserved),
      remaining_usd: number(left),
      request_usd: isPriced ? number(most.toFixed()) : null,
      requested_max_tokens: request.maxTokens ?? null,
      affordable_max_tokens: isUnpriced === true ? null : fitting,
      resets_at: span === undefined || budget.period === 'total' ? null : new Date(span.end).toISOString(),
    },
  };
}

function messageOf(limit: string, period: BudgetPeriod, left: string, { most, fitting, isUnpriced, request }: Refusal): string {
  const about = `the budget of ${limitWords(`$${limit}`, period)}`;
  if (isUnpriced === true) return `This request needs a model with a known price: ${about} cannot limit ${request.model}.`;
  if (most.eq(0))
    return `This request needs max_tokens: the price of ${request.model} is not known in advance, and ${about} has $${left} left.`;
  const asked = request.maxTokens === undefined ? '' : ` You requested up to ${request.maxTokens} tokens.`;
  const fits = fitting > 0 ? ` At most ${fitting} tokens fit.` : '';
  const shorter = fitting > 0 ? ', or fewer max_tokens' : '';
  return `This request requires more credits${shorter}: it may cost up to $${most.round(9).toFixed()}, and ${about} has $${left} left.${asked}${fits}`;
}

function number(amount: string): number {
  return decimal(amount).toNumber();
}
