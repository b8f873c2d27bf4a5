import type { RoutingPreferences } from '../../apis/completion.ts';
import type { CountsByKind } from './failure-kind.ts';

/** Limits of one attempt, in milliseconds. Without a limit, the connection's own one applies. */
export interface AttemptLimits {
  /** For the connection, including TLS. */
  connectMs?: number | undefined;
  /** Until the first token of a stream. */
  firstTokenMs?: number | undefined;
  /** Between two chunks of a stream. */
  idleMs?: number | undefined;
  /** For the whole answer. */
  answerMs?: number | undefined;
}

/** Rate limits of a target. */
export interface RateLimits {
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  parallelRequests?: number | undefined;
}

/** What the user states about a target's data policy and quantization: for a direct vendor there is no other source. */
export interface TargetFacts {
  /** `deny`: by contract, prompts are neither stored nor used for training. */
  dataCollection?: 'allow' | 'deny' | undefined;
  zeroDataRetention?: boolean | undefined;
  quantization?: string | undefined;
}

/** One API and model that can answer requests. */
export interface Target {
  /** Unique in a configuration. The same model with another key is another target. */
  id: string;
  /** The model id to request: a direct id, or author/model. */
  model: string;
  /** Models that OpenRouter tries itself after `model`, in the same request. */
  fallbackModels?: readonly string[] | undefined;
  /** Share of the requests, for the strategy `weight`. */
  weight: number;
  /** Targets with a lower order are tried first, whatever the strategy. */
  order: number;
  limits: AttemptLimits;
  rates: RateLimits;
  facts: TargetFacts;
  /** For the tag filter. */
  tags?: readonly string[] | undefined;
  /** Retries on this target; undefined: those of the configuration. */
  retries?: number | undefined;
  /** When it pauses; undefined: as the configuration says for all targets. */
  cooldown?: CooldownRules | undefined;
  /** Added to the request's preferences, for a target that OpenRouter routes. */
  routing?: RoutingPreferences | undefined;
}

export const STRATEGIES = ['order', 'weight', 'least-busy', 'latency', 'throughput', 'cost', 'usage'] as const;
/** How the targets of a name are ordered. */
export type Strategy = (typeof STRATEGIES)[number];

/** A name that clients request, and the targets that answer for it. */
export interface TargetGroup {
  name: string;
  targets: readonly Target[];
  strategy: Strategy;
  /** Names to try if no target of this one answers. */
  fallbacks: readonly string[];
  /** Names to try if the prompt is too long for this one; undefined: `fallbacks`. */
  contextFallbacks?: readonly string[] | undefined;
  /** Names to try if the content policy of this one refuses; undefined: the refusal is final. */
  policyFallbacks?: readonly string[] | undefined;
  /** Milliseconds without a token after which a second target is tried in parallel. Undefined: never. */
  hedgeMs?: number | undefined;
  /** Retries on one target after failures of some kinds, whatever else sets a number of retries. */
  retriesByKind?: CountsByKind | undefined;
  /** Replaces the filter of the table. */
  tagFilter?: TagFilter | 'none' | undefined;
}

export interface RetryRules {
  /** Retries on one target. Undefined: 2, or 1 if another target follows. */
  perTarget?: number | undefined;
  /** Attempts of one request, over all targets. */
  attempts: number;
  /** Longest wait before a retry that a server may ask for, and the longest one if another target could answer immediately. */
  longestWaitMs: number;
  longestWaitBesideOthersMs: number;
}

export interface CooldownRules {
  /** false: targets never pause. */
  isEnabled: boolean;
  /** First pause of a target that failed; doubled after each failed probe. */
  ms: number;
  longestMs: number;
  /** Share of a minute's requests, and number of them, that must have failed before a pause. */
  failureShare: number;
  failures: number;
  /** Failures of some kinds within a minute that lead to a pause, whatever the share. They count separately. */
  failuresByKind?: CountsByKind | undefined;
}

export const TAG_FILTERS = ['any', 'all'] as const;
/** How many of the tags of a request a target must have. */
export type TagFilter = (typeof TAG_FILTERS)[number];

/** Which targets answer for which name, and how failures are handled. */
export interface RoutingTable {
  groups: ReadonlyMap<string, TargetGroup>;
  /** Groups whose name contains a `*`. The first match wins. */
  patterns: readonly TargetGroup[];
  aliases: ReadonlyMap<string, string>;
  /** Whether names outside `groups` are treated as model ids of vendors and of OpenRouter. */
  servesUnlisted: boolean;
  /** true: the gateway has no key of OpenRouter, so only the ids of vendors are known outside `groups`. */
  lacksOpenRouter?: boolean | undefined;
  retries: RetryRules;
  cooldown: CooldownRules;
  limits: AttemptLimits;
  /** Undefined: tags do not change where a request goes. */
  tagFilter?: TagFilter | undefined;
  /** Removed from the tags of a request that start with it. Such a tag is meant for the filter, so it needs a target. */
  tagPrefix?: string | undefined;
}

export const DEFAULT_RETRIES: RetryRules = { attempts: 6, longestWaitMs: 30_000, longestWaitBesideOthersMs: 3000 };
export const DEFAULT_COOLDOWN: CooldownRules = { isEnabled: true, ms: 5000, longestMs: 20_000, failureShare: 0.5, failures: 3 };
/** Time after which a target that sends no token is given up if there is another one. */
export const FIRST_TOKEN_BESIDE_OTHERS_MS = 15_000;

/** The table without a configuration: the id alone determines the API. */
export const NO_TABLE: RoutingTable = {
  groups: new Map(),
  patterns: [],
  aliases: new Map(),
  servesUnlisted: true,
  retries: DEFAULT_RETRIES,
  cooldown: DEFAULT_COOLDOWN,
  limits: {},
};
