import type { Budget, BudgetPeriod, BudgetScope, PeriodSpan } from './budget.ts';
import type { LedgerEntry } from '../entry.ts';
import { patternMatcher } from '../learned/patterns.ts';
import type { Sql } from '../../sqlite/sql.ts';
import { texts } from '../../sqlite/stored-text.ts';

interface BudgetRow {
  id: number;
  period: string;
  amount: string;
  project: string | null;
  profile: string | null;
  model: string | null;
  warn_at: number;
}

const COLUMNS = `id, warn_at, ${texts('period', 'amount', 'project', 'profile', 'model')}`;

/** All budgets, by number. */
export function readBudgets(sql: Sql): Budget[] {
  return sql.all<BudgetRow>(`SELECT ${COLUMNS} FROM budget ORDER BY id`).map(budgetOf);
}

/** Adds a budget, or replaces the one of the same period and scope. */
export function storeBudget(sql: Sql, budget: Omit<Budget, 'id'>): Budget {
  const { period, limit, project, profile, model, warnAt } = budget;
  const same = sql.first<{ id: number }>(
    'SELECT id FROM budget WHERE period = ? AND project IS ? AND profile IS ? AND model IS ?',
    [period, project, profile, model],
  );
  if (same !== undefined) sql.run('UPDATE budget SET amount = ?, warn_at = ? WHERE id = ?', [limit, warnAt, same.id]);
  const id =
    same?.id ??
    sql.insert('INSERT INTO budget (period, amount, project, profile, model, warn_at) VALUES (?, ?, ?, ?, ?, ?)', [
      period,
      limit,
      project,
      profile,
      model,
      warnAt,
    ]);
  return { ...budget, id };
}

export function deleteBudget(sql: Sql, id: number): Budget | undefined {
  const row = sql.first<BudgetRow>(`SELECT ${COLUMNS} FROM budget WHERE id = ?`, [id]);
  if (row === undefined) return undefined;
  sql.run('DELETE FROM budget_total WHERE budget = ?', [id]);
  sql.run('DELETE FROM budget WHERE id = ?', [id]);
  return budgetOf(row);
}

/** Whether a budget is one of those of a scope. */
export function appliesTo(budget: Budget, scope: BudgetScope): boolean {
  return isOfPlace(budget, scope) && matchesModel(budget, scope.models);
}

/**
 * Whether an entry's cost counts toward a budget, periods aside. Of its models either may match: what was reserved under the name that was asked
 * for must not fall out of the budget because the API answers under another.
 */
export function countsToward(budget: Budget, entry: Pick<LedgerEntry, 'project' | 'profile' | 'requestedModel' | 'servedModel'>) {
  return isOfPlace(budget, entry) && matchesModel(budget, [entry.requestedModel, entry.servedModel ?? entry.requestedModel]);
}

export function isOfPlace(budget: Budget, { project, profile }: { project: string; profile: string }): boolean {
  return (
    (budget.project === undefined || budget.project === project) && (budget.profile === undefined || budget.profile === profile)
  );
}

export function matchesModel({ model }: Budget, models: readonly string[]): boolean {
  return model === undefined || models.some(patternMatcher(model));
}

/** The stretch that a budget counts in; undefined when it is not one of time. */
export function spanOf({ period }: Budget, { spans }: BudgetScope): PeriodSpan | undefined {
  return period === 'request' || period === 'conversation' ? undefined : spans[period];
}

function budgetOf(row: BudgetRow): Budget {
  return {
    id: row.id,
    period: row.period as BudgetPeriod,
    limit: row.amount,
    warnAt: row.warn_at,
    ...(row.project !== null && { project: row.project }),
    ...(row.profile !== null && { profile: row.profile }),
    ...(row.model !== null && { model: row.model }),
  };
}
