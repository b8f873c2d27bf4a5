import { appliesTo, isOfPlace, matchesModel, readBudgets, spanOf } from './rows.ts';
import { spentOf, type TotalOptions } from './totals.ts';
import { toUnits, unitsText } from '../cost-units.ts';
import type { Lease } from './known.ts';
import { isWithin, readReserved } from './leases.ts';
import type { Budget, BudgetScope, BudgetStanding } from './budget.ts';
import type { Store } from '../store.ts';

/** Returns the state of the budgets that apply to a scope. */
export function readStandings(store: Store, scope: BudgetScope, options: TotalOptions): BudgetStanding[] {
  const budgets = readBudgets(store.sql).filter((budget) => appliesTo(budget, scope));
  if (budgets.length === 0) return [];
  const reservations = readReserved(store, scope.now);
  return budgets.map((budget) => {
    const spent = spentOf(store, budget, scope, options);
    const mine = reservations.filter((one) => holdsOf(budget, one, scope));
    const reserved = sumOf(mine);
    const span = spanOf(budget, scope);
    return {
      budget,
      ...(span !== undefined && { span }),
      spent: unitsText(spent),
      reserved: unitsText(reserved),
      reservedByOthers: unitsText(sumOf(mine.filter(({ conversation }) => conversation !== scope.conversation))),
      reservations: mine.length,
      left: unitsText(toUnits(budget.limit) - spent - reserved),
    };
  });
}

function sumOf(reservations: readonly Lease[]): bigint {
  return reservations.reduce((sum, { units }) => sum + units, 0n);
}

/** Returns whether each budget has room for this additional amount, in units. */
export function haveRoom(standings: readonly BudgetStanding[], more: bigint): boolean {
  return standings.every(({ left }) => toUnits(left) >= more);
}

/** Returns whether a reservation belongs to a budget. */
export function holdsOf(budget: Budget, reservations: Lease, scope: BudgetScope): boolean {
  if (budget.period === 'request' || !isOfPlace(budget, reservations)) return false;
  if (reservations.models !== undefined && !matchesModel(budget, reservations.models)) return false;
  const span = spanOf(budget, scope);
  return span === undefined ? reservations.conversation === scope.conversation : isWithin(reservations, span);
}
