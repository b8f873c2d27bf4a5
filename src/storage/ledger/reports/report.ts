export const REPORT_DIMENSIONS = ['model', 'provider', 'vendor', 'command', 'project', 'profile', 'key', 'tag'] as const;
/**
 * What a report can be divided by, besides time. `model` is the served one, else the requested one; `key` the client key. An entry counts under each
 * of its tags, and once in the total.
 */
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
  /** Exact USD, over all sources: what was paid to the API and to providers. */
  cost: string;
  /** Part of it that was paid to providers, with keys of the user. */
  upstreamCost: string;
  /** Entries whose cost is estimated, those whose cost orx computed, and those whose cost is unknown. */
  estimated: number;
  computed: number;
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
  /** Empty when the report has no dimension; `['']` when the entry has no value there. Only of tags there are several. */
  groups: readonly string[];
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
  /** As in `Sums`. */
  cost: string;
  upstreamCost: string;
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

/** Ratios that a tokenizer can have to orx's own count. */
export interface RatioBounds {
  low: number;
  high: number;
}

/** Learned from past prompts of a family: real tokens = `overhead` + `ratio` × orx's own count. `high` is a ratio that few prompts exceed. */
export interface Calibration {
  /** Prompts that say something about the ratio. */
  samples: number;
  ratio: number;
  high: number;
  /** Tokens that each request adds, whatever it says. */
  overhead: number;
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
