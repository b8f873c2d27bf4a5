/**
 * What went wrong, in the few kinds that a user can act on. Each kind has one exit code (cli/exit-codes.ts):
 * `usage` 2 · `authentication` 3 · `credits` 4 · `rate-limit` 5 · `no-endpoint` 6 (also policy and moderation) ·
 * `provider` 7 · `network` 8 (also time-outs) · `model-mismatch` 9 · `interrupted` 130 · `unexpected` 1.
 */
export type ErrorKind =
  | 'usage'
  | 'authentication'
  | 'credits'
  | 'rate-limit'
  | 'no-endpoint'
  | 'provider'
  | 'network'
  | 'model-mismatch'
  | 'interrupted'
  | 'unexpected';

/**
 * What to do next: an imperative, then the command that does it, as in `list all aliases: orx alias list`. A hint that differs inside a
 * conversation, where flags do nothing, has one text for each place.
 */
export type Hint = string | { shell: string; session: string };

/** The facts of a failure. Every text is untrusted (it may come from a server): it is made visible where it is shown. */
export interface ErrorFacts {
  kind: ErrorKind;
  /** Machine name of the exact case, e.g. `first-byte-timeout`, `rate_limit_exceeded`, `stream-cut`. */
  code?: string | undefined;
  /** What a model refuses whoever hosts it: the prompt is too long for it, or against its content policy. */
  reason?: 'context-length' | 'content-policy' | undefined;
  /** HTTP status, or the numeric code of an error that arrived inside an HTTP 200. */
  status?: number | undefined;
  /** Display name of the provider that failed, when the API names it. */
  provider?: string | undefined;
  /** Whether the same request may succeed when it is sent again later. Default false. */
  isRetryable?: boolean | undefined;
  /** How long the server asks to wait before another attempt, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Generation id or request id, for a question to the API's support. */
  requestId?: string | undefined;
  /** Why it failed, e.g. the server's own words: a line below the message, and after it where there is one line. */
  why?: string | undefined;
  /** What to do next, a line each; three are shown. */
  hints?: readonly Hint[] | undefined;
  /** The wire's error object as it came, for `--json` and for the gateway. */
  wire?: unknown;
  cause?: unknown;
}

/** The one error class of orx: what failed, and its facts. It becomes text in output/text/error.ts and nowhere else. */
export class OrxError extends Error {
  override readonly name = 'OrxError';
  /** What failed, without the reason: `message` holds both. */
  readonly what: string;
  readonly why: string | undefined;
  readonly kind: ErrorKind;
  readonly code: string | undefined;
  readonly reason: ErrorFacts['reason'];
  readonly status: number | undefined;
  readonly provider: string | undefined;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly hints: readonly Hint[];
  readonly wire: unknown;

  constructor(what: string, facts: ErrorFacts) {
    super(
      facts.why === undefined ? what : `${what}: ${facts.why}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.what = what;
    this.why = facts.why;
    this.kind = facts.kind;
    this.code = facts.code;
    this.reason = facts.reason;
    this.status = facts.status;
    this.provider = facts.provider;
    this.isRetryable = facts.isRetryable ?? false;
    this.retryAfterMs = facts.retryAfterMs;
    this.requestId = facts.requestId;
    this.hints = facts.hints ?? [];
    this.wire = facts.wire;
  }
}

/** The same failure with other facts. */
export function withFacts(error: OrxError, { what = error.what, ...facts }: Partial<ErrorFacts> & { what?: string }): OrxError {
  return new OrxError(what, { ...error, cause: error.cause, ...facts });
}

/** The same failure, of a request that must not be sent again: it may have been billed. */
export function unrepeatable(error: unknown): unknown {
  return error instanceof OrxError && error.isRetryable ? withFacts(error, { isRetryable: false }) : error;
}

/** The hint where orx is a command of the shell. */
export function shellHint(hint: Hint): string {
  return typeof hint === 'string' ? hint : hint.shell;
}

/** The hint inside a conversation. */
export function sessionHint(hint: Hint): string {
  if (typeof hint !== 'string') return hint.session;
  return /\borx [a-z]/.test(hint) ? `in a shell, ${hint}` : hint;
}

/** Shorthand for bad input: exit 2, with what to do next. */
export function usageError(message: string, ...hints: Hint[]): OrxError {
  return new OrxError(message, { kind: 'usage', hints });
}
