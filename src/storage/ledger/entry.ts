/** How a request ended. `lost`: the process died before the request ended. */
export type EntryOutcome = 'complete' | 'stopped' | 'failed' | 'lost';

/**
 * The source of an entry's cost: `billed` with the answer, `looked-up` afterwards by its generation id, `computed` by orx from the vendor's
 * counts and list prices, `estimated` by orx from prices and its own counts, `unknown` if there is no data. A better source replaces a worse
 * one, never the other way round.
 */
export type CostSource = 'billed' | 'looked-up' | 'computed' | 'estimated' | 'unknown';

/** What is known before a request is sent. */
export interface OpeningEntry {
  /** Unique and sortable by time: core/ledger/entry-id.ts. */
  id: string;
  openedAt: number;
  command: string;
  /** Shared by all requests of one conversation, one comparison or one command. */
  conversation: string;
  /** Shared by all requests of one command: of one question with its tools, of one comparison. Entries of an older orx have none. */
  turn?: string | undefined;
  profile: string;
  /** Absolute path of the project folder. */
  project: string;
  /** Base URL of the API; `sandbox` for the simulated one. */
  api: string;
  requestedModel: string;
  /** Family of models that count tokens in the same way, such as `anthropic/claude`: core/model-id/family.ts. */
  family: string;
  template?: string | undefined;
  /** The vendor of a direct model, otherwise the API, such as `openrouter`. */
  vendor: string;
  /** Name of the gateway's client key that sent the request. */
  clientKey?: string | undefined;
  /** Tags of the client key and of the request: gateway/clients/client-tags.ts. Undefined for none. */
  tags?: readonly string[] | undefined;
  /** By orx's own estimate, before any calibration. */
  estimatedPromptTokens: number;
  /** Part of it that is not message text: media, tools, schemas. */
  estimatedExtraTokens?: number | undefined;
  /** The model that the user requested, if orx itself then requested this one. */
  fallbackFrom?: string | undefined;
  /** Why another model or provider was used. */
  fallbackReason?: string | undefined;
  /** The expected cost of the request, which becomes the entry's cost if nothing better becomes known. */
  expectedCost?: string | undefined;
}

/** What is known when a request has ended. Contains no text of prompts or answers. */
export interface EntryResult {
  outcome: EntryOutcome;
  servedModel?: string | undefined;
  provider?: string | undefined;
  generationId?: string | undefined;
  promptTokens?: number | undefined;
  cachedTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  completionTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  /** Charged by the API. Undefined only with `unknown`. */
  cost?: string | undefined;
  costSource: CostSource;
  /** The user's own provider key was used, so `cost` is only the API's fee. */
  isByok?: boolean | undefined;
  /** What the provider charges for that key, in USD. Never part of `cost`; sums and budgets include both. */
  upstreamCost?: string | undefined;
  timeToFirstTokenMs?: number | undefined;
  durationMs?: number | undefined;
  /** Tokens per second. */
  throughput?: number | undefined;
  finishReason?: string | undefined;
  /** Number of endpoints that the API tried for this request, from 1. A retry by orx is a separate entry. */
  attempts: number;
  /** Kind of the error (errors.ts). */
  errorKind?: string | undefined;
  /** Why another model or provider answered: what failed before (core/fallback-reason.ts). Contains no text of a server. */
  fallbackReason?: string | undefined;
}

/** The current state of an entry. While `open`, the request is in progress, and at most a generation id of its result is known. */
export type LedgerEntry = OpeningEntry & { state: 'open' | 'settled' } & Partial<EntryResult> & { costSource: CostSource };

export interface EntryFilter {
  since?: number | undefined;
  until?: number | undefined;
  command?: string | undefined;
  conversation?: string | undefined;
  turn?: string | undefined;
  profile?: string | undefined;
  project?: string | undefined;
  /** Matches the served model, or the requested one until a model has answered; `*` stands for any text. */
  model?: string | undefined;
  provider?: string | undefined;
  vendor?: string | undefined;
  clientKey?: string | undefined;
  /** Entries that have this tag. */
  tag?: string | undefined;
}
