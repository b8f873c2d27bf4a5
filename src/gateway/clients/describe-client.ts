import { decimal } from '../../decimal.ts';
import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { ClientKey } from '../../storage/client-keys.ts';
import type { ClientSpending } from './client-spending.ts';

const RESETS = { day: 'daily', week: 'weekly', month: 'monthly' } as const;
const NO_LIMIT = -1;

/** Describes a client key in the form of OpenRouter's `GET /key`, without information about the provider keys. */
export function describeClientKey(key: ClientKey, { spentBy, budgetsOf }: ClientSpending): unknown {
  const { total, day, week, month } = spentBy(key.name);
  const tightest = tightestOf(budgetsOf(key.name));
  return {
    label: key.name,
    limit: tightest === undefined ? null : number(tightest.budget.limit),
    limit_remaining: tightest === undefined ? null : Math.max(0, number(tightest.left)),
    limit_reset: tightest === undefined ? null : (RESETS[tightest.budget.period as keyof typeof RESETS] ?? null),
    include_byok_in_limit: true,
    usage: number(total),
    usage_daily: number(day),
    usage_weekly: number(week),
    usage_monthly: number(month),
    byok_usage: 0,
    byok_usage_daily: 0,
    byok_usage_weekly: 0,
    byok_usage_monthly: 0,
    is_free_tier: false,
    is_management_key: false,
    is_provisioning_key: false,
    expires_at: key.expiresAt === undefined ? null : new Date(key.expiresAt).toISOString(),
    rate_limit: { requests: key.requestsPerMinute ?? NO_LIMIT, interval: '60s', note: 'for all gateways with this key' },
    allowed_models: key.models ?? null,
    tokens_per_minute: key.tokensPerMinute ?? null,
    parallel_requests: key.parallelRequests ?? null,
    tags: key.tags ?? [],
  };
}

/**
 * Describes what a client may spend in the form of `GET /credits`. Without a budget of its own, that equals what it has spent.
 */
export function describeClientCredits(key: ClientKey, { spentBy, budgetsOf }: ClientSpending): unknown {
  const usage = decimal(spentBy(key.name).total);
  const tightest = tightestOf(budgetsOf(key.name));
  const left = decimal(tightest?.left ?? 0);
  return { total_credits: usage.plus(left.lt(0) ? 0 : left).toNumber(), total_usage: usage.toNumber() };
}

function tightestOf(standings: readonly BudgetStanding[]): BudgetStanding | undefined {
  return standings.toSorted((one, other) => decimal(one.left).cmp(other.left))[0];
}

function number(amount: string): number {
  return decimal(amount).toNumber();
}
