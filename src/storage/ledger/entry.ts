/** How a request ended. `lost`: the process died before it could say. */
export type EntryOutcome = 'complete' | 'stopped' | 'failed' | 'lost';

/**
 * Where an entry's cost comes from: `billed` with the answer, `looked-up` afterwards by its generation id, `computed` by orx from the vendor's
 * counts and listed prices, `estimated` by orx from prices and counts of its own, `unknown` when there is nothing to go by. A better source
 * replaces a worse one, never the other way round.
 */
export type CostSource = 'billed' | 'looked-up' | 'computed' | 'estimated' | 'unknown';

/** What is known before a request is sent. */
export interface OpeningEntry {
  /** Unique and sortable by time: core/entry-id.ts. */
  id: string;
  openedAt: number;
  command: string;
  /** All requests of one conversation, one comparison or one run share it. */
  conversation: string;
  /** All requests of one command share it: of one question with its tools, of one comparison. Entries of an older orx have none. */
  turn?: string | undefined;
  profile: string;
  /** Absolute path of the folder that the work belongs to. */
  project: string;
  /** Base URL of the API that was asked; `sandbox` for the simulated one. */
  api: string;
  requestedModel: string;
  /** Models that count tokens alike, such as `anthropic/claude`: core/model-family.ts. */
  family: string;
  template?: string | undefined;
  /** Who was asked: the vendor of a direct model, else the API, such as `openrouter`. */
  vendor: string;
  /** Name of the gateway's client key that asked. */
  clientKey?: string | undefined;
  /** What the client key and the request were labeled with: core/budget/caller-tags.ts. Undefined for none. */
  tags?: readonly string[] | undefined;
  /** By orx's own counter, before any calibration. */
  estimatedPromptTokens: number;
  /** Part of it that is not message text: media, tools, schemas. */
  estimatedExtraTokens?: number | undefined;
  /** What the request will probably cost: the entry's cost when nothing better ever becomes known. */
  expectedCost?: string | undefined;
}

/** What is known when a request is over. No text of prompts or answers. */
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
  /** Charged by the API. Undefined with `unknown` only. */
  cost?: string | undefined;
  costSource: CostSource;
  /** The user's own provider key was used: `cost` is only the API's fee. */
  isByok?: boolean | undefined;
  /** What the provider charges that key, in USD. Never part of `cost`; sums and budgets count both. */
  upstreamCost?: string | undefined;
  timeToFirstTokenMs?: number | undefined;
  durationMs?: number | undefined;
  /** Tokens per second. */
  throughput?: number | undefined;
  finishReason?: string | undefined;
  /** Endpoints that the API tried for this request; from 1. What orx sends again is an entry of its own. */
  attempts: number;
  /** Kind of the failure (errors.ts). */
  errorKind?: string | undefined;
}

/** An entry as it stands. While `open` the request is under way, and only a generation id may be known of its result. */
export type LedgerEntry = OpeningEntry & { state: 'open' | 'settled' } & Partial<EntryResult> & { costSource: CostSource };

export interface EntryFilter {
  since?: number | undefined;
  until?: number | undefined;
  command?: string | undefined;
  /** A whole id or the beginning of one. */
  conversation?: string | undefined;
  turn?: string | undefined;
  profile?: string | undefined;
  project?: string | undefined;
  /** Matches the served model, or the requested one while none has served; `*` stands for anything. */
  model?: string | undefined;
  provider?: string | undefined;
  vendor?: string | undefined;
  clientKey?: string | undefined;
  /** Entries that have it among their tags. */
  tag?: string | undefined;
}
