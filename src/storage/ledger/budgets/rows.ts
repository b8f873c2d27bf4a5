import {
  ALL_TIME,
  type Budget,
  type BudgetPeriod,
  type BudgetScope,
  type PeriodSpan,
  SCOPE_COLUMNS,
  SCOPE_PARTS,
  type ScopePart,
} from './budget.ts';
import { windowSpan } from '../../../budget-window.ts';
import type { LedgerEntry } from '../entry.ts';
import { patternMatcher } from '../../../text/patterns.ts';
import type { Sql, SqlValue } from '../../sqlite/sql.ts';
import { texts } from '../../sqlite/stored-text.ts';

type BudgetRow = { id: number; period: string; amount: string; warn_at: number } & Record<ScopeColumn, string | null>;

type ScopeColumn = (typeof SCOPE_COLUMNS)[ScopePart];

const SCOPE = SCOPE_PARTS.map((part) => SCOPE_COLUMNS[part]);
const COLUMNS = `id, warn_at, ${texts('period', 'amount', ...SCOPE)}`;
const INSERT = `INSERT INTO budget (id, period, amount, warn_at, ${SCOPE.join(', ')}) VALUES (?, ?, ?, ?, ${SCOPE.map(() => '?').join(', ')})`;

/** The properties of a request that, together with its models, determine its budgets. */
export type RequestPlace = Pick<LedgerEntry, 'project' | 'profile' | 'vendor' | 'clientKey' | 'tags'>;

/** Returns all budgets, by number. */
export function readBudgets(sql: Sql): Budget[] {
  return sql.all<BudgetRow>(`SELECT ${COLUMNS} FROM budget ORDER BY id`).map(budgetOf);
}

/** Adds a budget, or replaces the one with the same period and scope. */
export function storeBudget(sql: Sql, budget: Omit<Budget, 'id'>): Budget {
  const { period, limit, warnAt } = budget;
  const same = sql.first<{ id: number }>(
    `SELECT id FROM budget WHERE period = ? AND ${SCOPE.map((column) => `${column} IS ?`).join(' AND ')}`,
    [period, ...scopeValues(budget)],
  );
  if (same !== undefined) sql.run('UPDATE budget SET amount = ?, warn_at = ? WHERE id = ?', [limit, warnAt, same.id]);
  return { ...budget, id: same?.id ?? insertBudget(sql, budget) };
}

/** Adds a budget, with its number if it has one. Returns the number. */
export function insertBudget(sql: Sql, budget: Omit<Budget, 'id'> & { id?: number }): number {
  return sql.insert(INSERT, [budget.id ?? null, budget.period, budget.limit, budget.warnAt, ...scopeValues(budget)]);
}

function scopeValues(budget: Omit<Budget, 'id'>): SqlValue[] {
  return SCOPE_PARTS.map((part) => budget[part]);
}

export function deleteBudget(sql: Sql, id: number): Budget | undefined {
  const row = sql.first<BudgetRow>(`SELECT ${COLUMNS} FROM budget WHERE id = ?`, [id]);
  if (row === undefined) return undefined;
  sql.run('DELETE FROM budget_total WHERE budget = ?', [id]);
  sql.run('DELETE FROM budget WHERE id = ?', [id]);
  return budgetOf(row);
}

/** Returns whether a budget applies to a scope. */
export function appliesTo(budget: Budget, scope: BudgetScope): boolean {
  return isOfPlace(budget, scope) && matchesModel(budget, scope.models);
}

/**
 * Returns whether an entry's cost counts toward a budget, ignoring periods. Either of its models may match: a reservation under the requested
 * name must not leave the budget because the API answers with another name.
 */
export function countsToward(budget: Budget, entry: RequestPlace & Pick<LedgerEntry, 'requestedModel' | 'servedModel'>) {
  return isOfPlace(budget, entry) && matchesModel(budget, [entry.requestedModel, entry.servedModel ?? entry.requestedModel]);
}

/** Returns whether a request belongs to a budget, ignoring models. */
export function isOfPlace(budget: Budget, { project, profile, vendor, clientKey, tags = [] }: RequestPlace): boolean {
  return (
    (budget.project === undefined || budget.project === project) &&
    (budget.profile === undefined || budget.profile === profile) &&
    (budget.vendor === undefined || budget.vendor === vendor) &&
    (budget.clientKey === undefined || budget.clientKey === clientKey) &&
    (budget.tag === undefined || tags.includes(budget.tag))
  );
}

export function matchesModel({ model }: Budget, models: readonly string[]): boolean {
  return model === undefined || models.some(patternMatcher(model));
}

/** Returns the current period of a budget; undefined if its period is not a range of time. */
export function spanOf({ period }: Budget, { spans, now }: BudgetScope): PeriodSpan | undefined {
  switch (period) {
    case 'request':
    case 'conversation':
      return undefined;
    case 'total':
      return ALL_TIME;
    case 'day':
    case 'week':
    case 'month':
      return spans[period];
    default:
      return windowSpan(period, now);
  }
}

function budgetOf(row: BudgetRow): Budget {
  return {
    id: row.id,
    period: row.period as BudgetPeriod,
    limit: row.amount,
    warnAt: row.warn_at,
    ...Object.fromEntries(SCOPE_PARTS.flatMap((part) => scopePart(part, row[SCOPE_COLUMNS[part]]))),
  };
}

function scopePart(part: ScopePart, value: string | null): [ScopePart, string][] {
  return value === null ? [] : [[part, value]];
}
