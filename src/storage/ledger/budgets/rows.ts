import {
  type Budget,
  type BudgetPeriod,
  type BudgetScope,
  type PeriodSpan,
  SCOPE_COLUMNS,
  SCOPE_PARTS,
  type ScopePart,
} from './budget.ts';
import type { LedgerEntry } from '../entry.ts';
import { patternMatcher } from '../../../text/patterns.ts';
import type { Sql, SqlValue } from '../../sqlite/sql.ts';
import { texts } from '../../sqlite/stored-text.ts';

type BudgetRow = { id: number; period: string; amount: string; warn_at: number } & Record<ScopeColumn, string | null>;

type ScopeColumn = (typeof SCOPE_COLUMNS)[ScopePart];

const SCOPE = SCOPE_PARTS.map((part) => SCOPE_COLUMNS[part]);
const COLUMNS = `id, warn_at, ${texts('period', 'amount', ...SCOPE)}`;
const INSERT = `INSERT INTO budget (id, period, amount, warn_at, ${SCOPE.join(', ')}) VALUES (?, ?, ?, ?, ${SCOPE.map(() => '?').join(', ')})`;

/** Whose a request is, and whom it asks: decides with its models which budgets it belongs to. */
export type RequestPlace = Pick<LedgerEntry, 'project' | 'profile' | 'vendor' | 'clientKey' | 'tags'>;

/** All budgets, by number. */
export function readBudgets(sql: Sql): Budget[] {
  return sql.all<BudgetRow>(`SELECT ${COLUMNS} FROM budget ORDER BY id`).map(budgetOf);
}

/** Adds a budget, or replaces the one of the same period and scope. */
export function storeBudget(sql: Sql, budget: Omit<Budget, 'id'>): Budget {
  const { period, limit, warnAt } = budget;
  const same = sql.first<{ id: number }>(
    `SELECT id FROM budget WHERE period = ? AND ${SCOPE.map((column) => `${column} IS ?`).join(' AND ')}`,
    [period, ...scopeValues(budget)],
  );
  if (same !== undefined) sql.run('UPDATE budget SET amount = ?, warn_at = ? WHERE id = ?', [limit, warnAt, same.id]);
  return { ...budget, id: same?.id ?? insertBudget(sql, budget) };
}

/** Adds a budget, under its number if it has one. Returns the number. */
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

/** Whether a budget is one of those of a scope. */
export function appliesTo(budget: Budget, scope: BudgetScope): boolean {
  return isOfPlace(budget, scope) && matchesModel(budget, scope.models);
}

/**
 * Whether an entry's cost counts toward a budget, periods aside. Of its models either may match: what was reserved under the name that was asked
 * for must not fall out of the budget because the API answers under another.
 */
export function countsToward(budget: Budget, entry: RequestPlace & Pick<LedgerEntry, 'requestedModel' | 'servedModel'>) {
  return isOfPlace(budget, entry) && matchesModel(budget, [entry.requestedModel, entry.servedModel ?? entry.requestedModel]);
}

/** Whether a request belongs to a budget, its models aside. */
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
    ...Object.fromEntries(SCOPE_PARTS.flatMap((part) => scopePart(part, row[SCOPE_COLUMNS[part]]))),
  };
}

function scopePart(part: ScopePart, value: string | null): [ScopePart, string][] {
  return value === null ? [] : [[part, value]];
}
