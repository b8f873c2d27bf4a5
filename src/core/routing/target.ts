import type { RoutingPreferences } from '../../apis/completion.ts';

/** How long one attempt may take, in milliseconds. An absent limit is the connection's own. */
export interface AttemptLimits {
  /** For a connection, TLS included. */
  connectMs?: number | undefined;
  /** To the first token of a stream. */
  firstTokenMs?: number | undefined;
  /** Between two pieces of a stream. */
  idleMs?: number | undefined;
  /** For the whole answer. */
  answerMs?: number | undefined;
}

/** How much a target may be asked. */
export interface RateLimits {
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  parallelRequests?: number | undefined;
}

/** What the user knows of a target's data policy and form: nobody else says it of a vendor that is asked directly. */
export interface TargetFacts {
  /** `deny`: the contract says that prompts are neither stored nor used for training. */
  dataCollection?: 'allow' | 'deny' | undefined;
  zeroDataRetention?: boolean | undefined;
  quantization?: string | undefined;
}

/** One place where a model can be asked. */
export interface Target {
  /** Unique in a configuration. The same model with another key is another target. */
  id: string;
  /** What the API is asked for: a direct id, or author/model. */
  model: string;
  /** Models that OpenRouter tries by itself after `model`, in the same request. */
  fallbackModels?: readonly string[] | undefined;
  /** Share of the requests, for the strategy `weight`. */
  weight: number;
  /** Targets of a lower order are asked first, whatever the strategy. */
  order: number;
  limits: AttemptLimits;
  rates: RateLimits;
  facts: TargetFacts;
  /** Retries on this target; undefined: those of the configuration. */
  retries?: number | undefined;
  /** Added to the request's preferences, for a target that OpenRouter routes. */
  routing?: RoutingPreferences | undefined;
}

export const STRATEGIES = ['order', 'weight', 'least-busy', 'latency', 'throughput', 'cost', 'usage'] as const;
/** How the targets of a name are ordered. */
export type Strategy = (typeof STRATEGIES)[number];

/** A name that clients ask for, and who answers to it. */
export interface TargetGroup {
  name: string;
  targets: readonly Target[];
  strategy: Strategy;
  /** Names that are tried when no target of this one answers. */
  fallbacks: readonly string[];
  /** The same where the prompt is too long for this one; undefined: `fallbacks`. */
  contextFallbacks?: readonly string[] | undefined;
  /** Names that are tried when the content policy of this one refuses; undefined: the refusal is the answer. */
  policyFallbacks?: readonly string[] | undefined;
  /** A second target is asked when the first one has sent no token after this time. Undefined: never. */
  hedgeMs?: number | undefined;
}

export interface RetryRules {
  /** Retries on one target. Undefined: 2, or 1 where another target follows. */
  perTarget?: number | undefined;
  /** Attempts of one request, all targets together. */
  attempts: number;
  /** Longest wait that a server may ask for before a retry; the longest where another target could answer at once. */
  longestWaitMs: number;
  longestWaitBesideOthersMs: number;
}

export interface CooldownRules {
  /** First pause of a target that failed; doubled after each failed probe. */
  ms: number;
  longestMs: number;
  /** Share of the requests of a minute that may fail, and how many must have failed, before a pause. */
  failureShare: number;
  failures: number;
}

/** Who answers to which name, and how failures are treated. */
export interface RoutingTable {
  groups: ReadonlyMap<string, TargetGroup>;
  /** Groups whose name has a `*`. The first match counts. */
  patterns: readonly TargetGroup[];
  aliases: ReadonlyMap<string, string>;
  /** Whether names outside `groups` are asked as ids of vendors and of OpenRouter. */
  servesUnlisted: boolean;
  retries: RetryRules;
  cooldown: CooldownRules;
  limits: AttemptLimits;
}

export const DEFAULT_RETRIES: RetryRules = { attempts: 6, longestWaitMs: 30_000, longestWaitBesideOthersMs: 3000 };
export const DEFAULT_COOLDOWN: CooldownRules = { ms: 5000, longestMs: 20_000, failureShare: 0.5, failures: 3 };
/** A silent target is left for the next one after this time. */
export const FIRST_TOKEN_BESIDE_OTHERS_MS = 15_000;

/** Without a configuration: every id is asked where it says. */
export const NO_TABLE: RoutingTable = {
  groups: new Map(),
  patterns: [],
  aliases: new Map(),
  servesUnlisted: true,
  retries: DEFAULT_RETRIES,
  cooldown: DEFAULT_COOLDOWN,
  limits: {},
};
