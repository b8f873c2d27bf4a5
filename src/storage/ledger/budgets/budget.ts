export const BUDGET_PERIODS = ['request', 'conversation', 'day', 'week', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** A limit on what may be spent in each period, by whatever is in its scope. All given parts of the scope must match. */
export interface Budget {
  /** Small number that people name it by. */
  id: number;
  period: BudgetPeriod;
  /** USD. */
  limit: string;
  project?: string | undefined;
  profile?: string | undefined;
  /** A model id, or a pattern with `*` such as `anthropic/*`. */
  model?: string | undefined;
  /** Who is asked: `openrouter`, or a vendor. */
  vendor?: string | undefined;
  /** Name of a client key. */
  clientKey?: string | undefined;
  tag?: string | undefined;
  /** Share of the limit, 0 to 1, from which on it is warned. */
  warnAt: number;
}

/** The parts of a budget's scope, each one by its column in the table. All of them but the model are compared as they are. */
export const SCOPE_COLUMNS = {
  project: 'project',
  profile: 'profile',
  model: 'model',
  vendor: 'vendor',
  clientKey: 'client',
  tag: 'tag',
} as const;
export type ScopePart = keyof typeof SCOPE_COLUMNS;
export const SCOPE_PARTS = Object.keys(SCOPE_COLUMNS) as readonly ScopePart[];

/** Whether two budgets are for the same: setting the one replaces the other. */
export function isSameBudget(one: Omit<Budget, 'id'>, other: Omit<Budget, 'id'>): boolean {
  return one.period === other.period && SCOPE_PARTS.every((part) => one[part] === other[part]);
}

/** Half-open stretch of time. */
export interface PeriodSpan {
  start: number;
  end: number;
}

/** The current day, week and month, where the user is: core/periods.ts. */
export type PeriodSpans = Readonly<Record<'day' | 'week' | 'month', PeriodSpan>>;

/** What a request belongs to, and when it is: decides which budgets are its own. */
export interface BudgetScope {
  conversation: string;
  profile: string;
  project: string;
  /** The model that is asked and those that may answer instead. A budget on a model holds when it matches any of them. */
  models: readonly string[];
  vendor: string;
  clientKey?: string | undefined;
  tags: readonly string[];
  spans: PeriodSpans;
  now: number;
}

/** How a budget stands for a scope. `left` is limit − spent − reserved and may be negative. */
export interface BudgetStanding {
  budget: Budget;
  /** Undefined for budgets of a request or a conversation. */
  span?: PeriodSpan | undefined;
  spent: string;
  /** Reserved by requests under way. */
  reserved: string;
  /** The part of it that requests of other conversations hold. */
  reservedByOthers: string;
  /** How many they are. */
  reservations: number;
  left: string;
}

/** Money reserved for a request under way, so that others cannot spend it. */
export interface Reservation {
  /** The most that the request may cost. */
  amount: string;
  /** Freed when this moment has passed without a renewal. */
  expiresAt: number;
}

/** `refused`: at least one budget would be passed; all that apply are told. */
export type Opened = { kind: 'opened' } | { kind: 'refused'; standings: readonly BudgetStanding[] };
