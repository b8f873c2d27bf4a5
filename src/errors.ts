/**
 * The kind of an error, by what the user can do about it. Each kind has one exit code (cli/exit-codes.ts): `usage` 2 · `authentication` 3 ·
 * `credits` 4 · `rate-limit` 5 · `no-endpoint` 6 (also policy and moderation) · `provider` 7 · `network` 8 (also timeouts) · `model-mismatch` 9
 * · `interrupted` 130 · `unexpected` 1.
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
 * What to do next: an imperative, then the command that does it, as in `list all aliases: orx alias list`. If the hint differs in an interactive
 * session, where flags do not work, it has one text for the shell and one for the session.
 */
export type Hint = string | { shell: string; session: string };

/**
 * The properties of an error. All texts are untrusted (they may come from a server): control characters are made visible when they are
 * displayed.
 */
export interface ErrorFacts {
  kind: ErrorKind;
  /** Machine-readable name of the exact case, e.g. `first-byte-timeout`, `rate_limit_exceeded`, `stream-cut`. */
  code?: string | undefined;
  /** Why the model itself rejects the request, whatever the provider: the prompt is too long, or violates its content policy. */
  reason?: 'context-length' | 'content-policy' | undefined;
  /** HTTP status, or the numeric code of an error that arrived inside an HTTP 200. */
  status?: number | undefined;
  /** Display name of the provider that failed, if the API names it. */
  provider?: string | undefined;
  /** Whether the same request may succeed if it is sent again later. Default false. */
  isRetryable?: boolean | undefined;
  /** How long the server asks to wait before another attempt, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** How many requests the server accepts in how many milliseconds, if it states that. */
  rate?: { requests: number; windowMs: number } | undefined;
  /** Generation id or request id, for questions to the API's support. */
  requestId?: string | undefined;
  /** Why it failed, e.g. the server's own message. Displayed on the line below `what`, or after it if there is only one line. */
  why?: string | undefined;
  /** What to do next, one line each; three are displayed. */
  hints?: readonly Hint[] | undefined;
  /** What else is known: lines below the reason, and fields of the error in JSON. */
  more?: { lines: readonly string[]; json: Readonly<Record<string, unknown>> } | undefined;
  /** The original error object of the API, for `--json` and for the gateway. */
  wire?: unknown;
  cause?: unknown;
}

/** orx's only error class: what failed, and its properties. Only output/text/error.ts formats it. */
export class OrxError extends Error {
  override readonly name = 'OrxError';
  /** What failed, without the reason; `message` contains both. */
  readonly what: string;
  readonly why: string | undefined;
  readonly kind: ErrorKind;
  readonly code: string | undefined;
  readonly reason: ErrorFacts['reason'];
  readonly status: number | undefined;
  readonly provider: string | undefined;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly rate: ErrorFacts['rate'];
  readonly requestId: string | undefined;
  readonly hints: readonly Hint[];
  readonly more: ErrorFacts['more'];
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
    this.rate = facts.rate;
    this.requestId = facts.requestId;
    this.hints = facts.hints ?? [];
    this.more = facts.more;
    this.wire = facts.wire;
  }
}

/** Returns a copy of the error with other properties. */
export function withFacts(error: OrxError, { what = error.what, ...facts }: Partial<ErrorFacts> & { what?: string }): OrxError {
  return new OrxError(what, { ...error, cause: error.cause, ...facts });
}

/** Returns the error itself, or one of kind `unexpected` for anything else that was thrown. */
export function asOrxError(error: unknown): OrxError {
  return error instanceof OrxError ? error : new OrxError(String(error), { kind: 'unexpected', cause: error });
}

/** Returns the same error as not retryable, for a request that may have cost something and must not be sent again. */
export function unrepeatable(error: unknown): unknown {
  return error instanceof OrxError && error.isRetryable ? withFacts(error, { isRetryable: false }) : error;
}

/** Returns the text of a hint for the shell. */
export function shellHint(hint: Hint): string {
  return typeof hint === 'string' ? hint : hint.shell;
}

/** Returns the text of a hint for an interactive session. */
export function sessionHint(hint: Hint): string {
  if (typeof hint !== 'string') return hint.session;
  // Flags belong to the command that starts a conversation.
  const [, text, flags] = /^(.*): (-.*)$/.exec(hint) ?? [];
  if (flags !== undefined) return `in a shell, ${text}: orx chat ${flags}`;
  return /\borx [a-z-]/.test(hint) ? `in a shell, ${hint}` : hint;
}

/** Returns an error for invalid input: exit 2, with hints on what to do next. */
export function usageError(message: string, ...hints: Hint[]): OrxError {
  return new OrxError(message, { kind: 'usage', hints });
}
