/**
 * The ledger: one entry for every completion that orx asks for, and the budgets that hold them back. This file is the contract; the
 * database behind it is `open-ledger.ts`. Money is USD as exact decimal text, times are milliseconds since 1970.
 */

/** How a request ended. `lost`: the process died before it could say. */
export type Outcome = 'complete' | 'stopped' | 'failed' | 'lost';

/**
 * Where an entry's cost comes from: `billed` with the answer, `looked-up` afterwards by its generation id, `estimated` by orx from prices and
 * counts, `unknown` when there is nothing to go by. A better source replaces a worse one, never the other way round.
 */
export type CostSource = 'billed' | 'looked-up' | 'estimated' | 'unknown';

/** What is known before a request is sent. */
export interface OpeningEntry {
  /** Unique and sortable by time: core/entry-id.ts. */
  id: string;
  openedAt: number;
  command: string;
  /** All requests of one conversation, one comparison or one run share it. */
  conversation: string;
  profile: string;
  /** Absolute path of the folder that the work belongs to. */
  project: string;
  /** Base URL of the API that was asked; `sandbox` for the simulated one. */
  api: string;
  requestedModel: string;
  /** Models that count tokens alike, such as `anthropic/claude`: core/model-family.ts. */
  family: string;
  template?: string | undefined;
  /** By orx's own counter, before any calibration. */
  estimatedPromptTokens: number;
  /** What the request will probably cost: the entry's cost when nothing better ever becomes known. */
  expectedCost?: string | undefined;
}

/** What is known when a request is over. No text of prompts or answers. */
export interface EntryResult {
  outcome: Outcome;
  servedModel?: string | undefined;
  provider?: string | undefined;
  generationId?: string | undefined;
  promptTokens?: number | undefined;
  cachedTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  completionTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  /** Undefined with `unknown` only. */
  cost?: string | undefined;
  costSource: CostSource;
  isByok?: boolean | undefined;
  timeToFirstTokenMs?: number | undefined;
  durationMs?: number | undefined;
  /** Tokens per second. */
  throughput?: number | undefined;
  finishReason?: string | undefined;
  /** Requests that it took, orx's own retries and the API's fallbacks together; from 1. */
  attempts: number;
  /** Kind of the failure (errors.ts). */
  errorKind?: string | undefined;
}

/** An entry as it stands. While `open` the request is under way, and only a generation id may be known of its result. */
export type LedgerEntry = OpeningEntry & { state: 'open' | 'settled' } & Partial<EntryResult> & { costSource: CostSource };

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
  /** Share of the limit, 0 to 1, from which on it is warned. */
  warnAt: number;
}

/** Half-open stretch of time. */
export interface Span {
  start: number;
  end: number;
}

/** The current day, week and month, where the user is: core/periods.ts. */
export type PeriodSpans = Readonly<Record<'day' | 'week' | 'month', Span>>;

/** What a request belongs to, and when it is: decides which budgets are its own. */
export interface BudgetScope {
  conversation: string;
  profile: string;
  project: string;
  /** The model that is asked and those that may answer instead. A budget on a model holds when it matches any of them. */
  models: readonly string[];
  spans: PeriodSpans;
  now: number;
}

/** How a budget stands for a scope. `left` is limit − spent − reserved and may be negative. */
export interface BudgetStanding {
  budget: Budget;
  /** Undefined for budgets of a request or a conversation. */
  span?: Span | undefined;
  spent: string;
  /** Held by requests under way. */
  reserved: string;
  /** How many they are. */
  reservations: number;
  left: string;
}

/** Money held for a request under way, so that others cannot spend it. */
export interface Reservation {
  /** The most that the request may cost. */
  amount: string;
  /** Freed when this moment has passed without a renewal. */
  expiresAt: number;
}

/** `refused`: at least one budget would be passed; all that apply are told. */
export type Opened = { kind: 'opened' } | { kind: 'refused'; standings: readonly BudgetStanding[] };

export interface EntryFilter {
  since?: number | undefined;
  until?: number | undefined;
  command?: string | undefined;
  /** A whole id or the beginning of one. */
  conversation?: string | undefined;
  profile?: string | undefined;
  project?: string | undefined;
  /** Matches the served model, or the requested one while none has served; `*` stands for anything. */
  model?: string | undefined;
  provider?: string | undefined;
}

export const REPORT_DIMENSIONS = ['model', 'provider', 'command', 'project', 'profile'] as const;
/** What a report can be divided by, besides time. `model` is the served one, else the requested one. */
export type ReportDimension = (typeof REPORT_DIMENSIONS)[number];

/** From `from` on, local time is UTC + `offsetMs`: lets the database cut days where the user is. In ascending order, the first from -Infinity. */
export interface ZoneShift {
  from: number;
  offsetMs: number;
}

/** Sums over entries. */
export interface Sums {
  requests: number;
  complete: number;
  stopped: number;
  /** Failed and lost. */
  failed: number;
  promptTokens: number;
  cachedTokens: number;
  cacheWriteTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  /** Exact USD, over all sources. */
  cost: string;
  /** Entries whose cost is estimated, and those whose cost is unknown. */
  estimated: number;
  unknown: number;
}

/** The sums of one local day. */
export interface DaySums extends Sums {
  /** Local days since 1970-01-01. */
  day: number;
}

/** The sums of one value of the dimension. */
export interface GroupSums extends Sums {
  /** `` for entries that have no value there. */
  group: string;
}

/** The few sums of a model that charts of models show. */
export type ModelUse = Pick<GroupSums, 'group' | 'requests' | 'complete' | 'failed' | 'cost'>;

/** Times of single complete requests of one group, for medians and percentiles. */
export interface SpeedSample {
  /** When it was sent. */
  at: number;
  model: string;
  /** `` when the report has no dimension, or the entry no value there. */
  group: string;
  timeToFirstTokenMs: number | undefined;
  durationMs: number | undefined;
  throughput: number | undefined;
}

export interface ReportOptions {
  /** Undefined: by time alone, which takes half as long. */
  by: ReportDimension | undefined;
  zone: readonly ZoneShift[];
  /** Default false: whether models are told of besides, which takes half as long again. */
  withModels?: boolean;
}

export interface Report {
  /** In order of time; those without entries are left out. */
  days: readonly DaySums[];
  /** Empty without a dimension. */
  groups: readonly GroupSums[];
  models: readonly ModelUse[];
  speeds: readonly SpeedSample[];
  /** `speeds` holds every n-th request: 1 means all of them. */
  sampledEvery: number;
}

/** How the past has to be cut, so that within each piece a price holds throughout. Nothing given: all of it is one piece. */
export interface WorkloadCut {
  /** Prompt sizes in tokens, ascending: prompts that exceed it are another piece. */
  sizes: readonly number[];
  /** Minutes of the day in UTC, ascending: what begins then is another piece. The same piece comes again each day. */
  minutes: readonly number[];
  /** Whether the days of the week (UTC) are pieces of their own. */
  isByWeekday: boolean;
  /** Moments, ascending: what begins then is another piece. */
  moments: readonly number[];
}

/** Requests of the past that are over and for which the same price holds. */
export interface PastWorkload {
  /** When the first of them was sent. */
  at: number;
  /** How many of the asked-for sizes the prompts exceed: 0 … sizes.length. */
  tier: number;
  /** The served one; `` when models are not told apart. */
  model: string;
  requests: number;
  complete: number;
  /** Failed and lost. */
  failed: number;
  promptTokens: number;
  cachedTokens: number;
  cacheWriteTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  /** Tokens of the longest prompt. */
  longestPrompt: number;
  cost: string;
}

/** What one request of a conversation sent and got. */
export interface PastTurn {
  at: number;
  /** The served one, or the requested one while none has served. */
  model: string;
  conversation: string;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
}

/** Learned of a family: real prompt tokens over orx's own count. `high` is a ratio that was hardly ever passed. */
export interface Calibration {
  samples: number;
  ratio: number;
  high: number;
}

/** Learned of a model: how many tokens its answers have. */
export interface OutputLength {
  samples: number;
  median: number;
  p90: number;
}

/** Measured of a model at a provider, over its latest complete answers. */
export interface MeasuredSpeed {
  provider: string;
  samples: number;
  timeToFirstTokenMs: { p50: number; p95: number } | undefined;
  /** Tokens per second. */
  throughput: { p50: number } | undefined;
}

export interface LedgerCheck {
  entries: number;
  open: number;
  /** Settled without a billed cost. */
  unbilled: number;
  reservations: number;
  bytes: number;
  /** What is wrong, a line each; empty when all is well. */
  problems: readonly string[];
}

/**
 * Any number of processes may use one ledger at once. Every method is one transaction: whole or not at all. All throw OrxError of kind
 * `unexpected` (code `ledger-unwritable`, `ledger-unreadable`) when the disk refuses; callers on the way to an answer say so and go on.
 */
export interface Ledger {
  path: string;
  /** What the user should hear about the opening: a damaged file set aside, entries rescued. */
  notices: readonly string[];

  /** Budgets that apply to a scope, with what is spent and held; [] when there are none. */
  standings(scope: BudgetScope): readonly BudgetStanding[];
  /** Writes the entry and holds the amount in one step, if no budget of the scope is passed by it. Without a reservation nothing is held. */
  open(entry: OpeningEntry, hold?: { reservation: Reservation; scope: BudgetScope }): Opened;
  /** The generation id as soon as it is known: what a crash would leave is then found again. */
  noteGeneration(id: string, generationId: string): void;
  /** Holds the amount longer, or holds more. Undefined: done; else the budgets that have no room for more, and nothing has changed. */
  renew(id: string, reservation: Reservation, scope: BudgetScope): readonly BudgetStanding[] | undefined;
  /**
   * Ends an entry, once: a later call changes nothing but to replace a worse cost source by a better one. The reservation ends with it;
   * where the cost is only estimated, `keepUntil` holds on to what exceeds the estimate until then.
   */
  settle(id: string, result: EntryResult, keepUntil?: number): void;

  /** Ends the entries of processes that are gone (their lease is over, or their process no longer runs): outcome `lost`, cost as expected. */
  closeLost(now: number): number;
  /** Entries with a generation id and no billed cost, opened at or after `since`, oldest first. */
  unbilled(options: { since: number; limit: number }): readonly LedgerEntry[];
  /** Ended entries whose cost is unknown, oldest first. Looks through the whole ledger. */
  unpriced(): readonly LedgerEntry[];
  /** Notes that a look-up found nothing, so that the next ones come later. */
  noteLookUp(id: string, now: number): void;

  /** Entries in order of time; `order: 'latest'` gives the newest first. */
  entries(filter: EntryFilter, options?: { order?: 'oldest' | 'latest'; limit?: number }): Iterable<LedgerEntry>;
  sums(filter: EntryFilter): Sums;
  report(filter: EntryFilter, options: ReportOptions): Report;
  /** `byModel` (default false): whether models are told apart, which takes longer. */
  pastWorkloads(filter: EntryFilter, options: WorkloadCut & { byModel?: boolean }): readonly PastWorkload[];
  /** The latest, in order of time. */
  pastTurns(filter: EntryFilter, options: { limit: number }): readonly PastTurn[];
  /** How many conversations have an id that begins like this, and which of them was the last to ask something. */
  conversations(beginning: string): { count: number; latest: string | undefined };

  calibration(family: string): Calibration | undefined;
  outputLength(model: string, template?: string): OutputLength | undefined;
  measuredSpeeds(model: string): readonly MeasuredSpeed[];

  budgets(): readonly Budget[];
  /** Replaces the budget of the same period and scope, else adds one. */
  setBudget(budget: Omit<Budget, 'id'>): Budget;
  removeBudget(id: number): Budget | undefined;

  /** Adds entries that are not there yet (by id), in one transaction. */
  import(entries: Iterable<LedgerEntry>): { added: number; known: number };
  /** Deletes settled entries opened before this moment. */
  prune(before: number): number;
  check(): LedgerCheck;
  close(): void;
}
