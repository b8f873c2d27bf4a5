import { type BudgetWindow, isBudgetWindow } from '../../../budget-window.ts';

const NAMED_PERIODS = ['request', 'conversation', 'day', 'week', 'month', 'total'] as const;
/** The periods that have a name; `total` never starts again. */
export type NamedPeriod = (typeof NAMED_PERIODS)[number];
export type BudgetPeriod = NamedPeriod | BudgetWindow;

/** Returns whether a stored text is the period of a budget. */
export function isBudgetPeriod(period: unknown): period is BudgetPeriod {
  return NAMED_PERIODS.some((name) => name === period) || isBudgetWindow(period);
}

/** A limit on what everything in its scope may cost in each period. All parts of the scope that are given must match. */
export interface Budget {
  /** Small number by which users refer to it. */
  id: number;
  period: BudgetPeriod;
  /** USD. */
  limit: string;
  project?: string | undefined;
  profile?: string | undefined;
  /** A model id, or a pattern with `*` such as `anthropic/*`. */
  model?: string | undefined;
  /** `openrouter`, or a vendor. */
  vendor?: string | undefined;
  /** Name of a client key. */
  clientKey?: string | undefined;
  tag?: string | undefined;
  /** Share of the limit, 0 to 1, from which on orx warns. */
  warnAt: number;
}

/** The parts of a budget's scope, each with its column in the table. All except the model must be equal. */
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

/** Returns whether two budgets have the same period and scope: setting one replaces the other. */
export function isSameBudget(one: Omit<Budget, 'id'>, other: Omit<Budget, 'id'>): boolean {
  return one.period === other.period && SCOPE_PARTS.every((part) => one[part] === other[part]);
}

/** A half-open range of time. */
export interface PeriodSpan {
  start: number;
  end: number;
}

/** The period of a budget in total: every moment that Date can represent. */
export const ALL_TIME: PeriodSpan = { start: 0, end: 8.64e15 };

/** The current day, week and month in the user's time zone: core/time/periods.ts. */
export type PeriodSpans = Readonly<Record<'day' | 'week' | 'month', PeriodSpan>>;

/** The properties of a request that determine which budgets apply to it, and the current time. */
export interface BudgetScope {
  conversation: string;
  profile: string;
  project: string;
  /** The requested model and its fallbacks. A budget for a model applies if it matches any of them. */
  models: readonly string[];
  vendor: string;
  clientKey?: string | undefined;
  tags: readonly string[];
  spans: PeriodSpans;
  now: number;
}

/** The state of a budget for a scope. `left` is limit − spent − reserved and may be negative. */
export interface BudgetStanding {
  budget: Budget;
  /** Undefined for budgets of a request or a conversation. */
  span?: PeriodSpan | undefined;
  spent: string;
  /** Reserved by requests in progress. */
  reserved: string;
  /** The part of it that requests of other conversations reserve. */
  reservedByOthers: string;
  /** Number of reservations. */
  reservations: number;
  left: string;
}

/** Money reserved for a request in progress, so that other requests cannot spend it. */
export interface Reservation {
  /** The maximum cost of the request. */
  amount: string;
  /** When the reservation ends unless it is renewed. */
  expiresAt: number;
}

/** A reservation of a request, with the properties by which its budgets are found. */
export interface Hold {
  reservation: Reservation;
  scope: BudgetScope;
  /** The cost will be known when the request ends: a process may reserve more at once, for requests that follow. */
  mayShare?: boolean | undefined;
  /** How much more to reserve, if that leaves enough for other processes. */
  spare?: string | undefined;
}

/**
 * `refused`: at least one budget would be exceeded; lists all that apply. `slice`: a spare amount was reserved with it, in the lease of
 * the entry's row.
 */
export type Opened =
  | { kind: 'opened'; slice?: { row: number; spare: string } | undefined }
  | { kind: 'refused'; standings: readonly BudgetStanding[] };
