export const REPORT_DIMENSIONS = ['model', 'provider', 'vendor', 'command', 'project', 'profile', 'key', 'tag'] as const;
/**
 * The dimensions of a report besides time. `model` is the served model, or else the requested one; `key` the client key. An entry counts under
 * each of its tags, and once in the total.
 */
export type ReportDimension = (typeof REPORT_DIMENSIONS)[number];

/**
 * From `from` on, local time is UTC + `offsetMs`, so that the database can split days in the user's time zone. In ascending order, the first
 * from -Infinity.
 */
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
  /** Exact USD from all sources, including what was paid directly to providers. */
  cost: string;
  /** Part of it that was paid directly to providers, with the user's own keys. */
  upstreamCost: string;
  /** Number of entries whose cost is estimated, computed by orx, or unknown. */
  estimated: number;
  computed: number;
  unknown: number;
}

/** Values in ascending order, and how many requests have each of them. */
export interface Distribution {
  values: readonly number[];
  counts: readonly number[];
}

/** Times of complete requests, for medians and percentiles. */
export interface TimeDistributions {
  durationMs: Distribution;
  timeToFirstTokenMs: Distribution;
  throughput: Distribution;
}

/** What one local day cost. */
export interface DayCost {
  /** Local days since 1970-01-01. */
  day: number;
  requests: number;
  /** As in `Sums`. */
  cost: string;
}

/** The sums of one value of the dimension, or of one period. */
export interface GroupSums extends Sums {
  /** Empty for entries without a value. */
  group: string;
  times: TimeDistributions;
}

/** The sums of a model that charts show. */
export type ModelUse = Pick<GroupSums, 'group' | 'requests' | 'complete' | 'failed' | 'cost' | 'times'>;

/** Answers of another model or provider than requested, for the same reason. */
export interface FallbackUse {
  /** The requested model. */
  requestedModel: string;
  servedModel: string;
  /** Undefined if it is not known. */
  fallbackReason: string | undefined;
  requests: number;
  /** As in `Sums`. */
  cost: string;
}

/** Returns the name of the period that contains a local day (counted since 1970-01-01), such as `2026-11`. */
export type PeriodOf = (day: number) => string;

export interface ReportOptions {
  by: ReportDimension | PeriodOf;
  zone: readonly ZoneShift[];
  /** Default false: whether to include the models as well, which takes half as long again. */
  withModels?: boolean;
  /** Default true. With several filters, the days are most of the work. */
  withDays?: boolean;
}

export interface Report {
  /** Of all entries. */
  total: Sums;
  /** In order of time, without days that have no entries. */
  days: readonly DayCost[];
  groups: readonly GroupSums[];
  models: readonly ModelUse[];
  /** Of all entries. */
  times: TimeDistributions;
  /** The greatest relative error of a time: 0 if all are measured values. */
  timesError: number;
}

/** How to split the past so that prices are constant within each part. Empty lists: everything is one part. */
export interface WorkloadCut {
  /** Prompt sizes in tokens, ascending: longer prompts are another part. */
  sizes: readonly number[];
  /** Minutes of the day in UTC, ascending, at which another part begins. The same parts repeat every day. */
  minutes: readonly number[];
  /** Whether the days of the week (UTC) are separate parts. */
  isByWeekday: boolean;
  /** Moments, ascending, at which another part begins. */
  moments: readonly number[];
}

/** Past requests that have ended and have the same price. */
export interface PastWorkload {
  /** When the first of them was sent. */
  at: number;
  /** How many of the given sizes the prompts exceed: 0 … sizes.length. */
  tier: number;
  /** The served model; empty if models are not separated. */
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
  /** As in `Sums`. */
  cost: string;
  upstreamCost: string;
}

/** Tokens of one request in a conversation. */
export interface PastTurn {
  at: number;
  /** The served model, or the requested one until a model has answered. */
  model: string;
  conversation: string;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
}

/** The possible range of real tokens relative to orx's own count. */
export interface RatioBounds {
  low: number;
  high: number;
}

/** Learned from past prompts of a family: real tokens = `overhead` + `ratio` × orx's own count. `high` is a ratio that few prompts exceed. */
export interface Calibration {
  /** Number of prompts that the ratio is based on. */
  samples: number;
  ratio: number;
  high: number;
  /** Tokens that each request adds, whatever its content. */
  overhead: number;
}

/** The length of a model's answers in tokens, learned from past ones. */
export interface OutputLength {
  samples: number;
  median: number;
  p90: number;
}

/** The speed of a model at a provider, measured over its latest complete answers. */
export interface MeasuredSpeed {
  provider: string;
  samples: number;
  timeToFirstTokenMs: { p50: number; p95: number } | undefined;
  /** Tokens per second. */
  throughput: { p50: number } | undefined;
}
