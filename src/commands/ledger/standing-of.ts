import { periodSpans } from '../../core/time/periods.ts';
import type { Budget, BudgetScope, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';

/** Returns the standing of a budget within its own scope. `now` is in milliseconds since 1970. */
export function standingOf(budget: Budget, ledger: Pick<Ledger, 'standings'>, now: number): BudgetStanding {
  const scope: BudgetScope = {
    conversation: '',
    profile: budget.profile ?? '',
    project: budget.project ?? '',
    models: [budget.model ?? ''],
    vendor: budget.vendor ?? '',
    clientKey: budget.clientKey,
    tags: budget.tag === undefined ? [] : [budget.tag],
    spans: periodSpans(now),
    now,
  };
  return ledger.standings(scope).find((one) => one.budget.id === budget.id)!;
}
