import { PARAMETER_KEYS } from '../../core/settings/parameters.ts';
import { OrxError } from '../../errors.ts';

const PARAMETER = new RegExp(`--(${PARAMETER_KEYS.join('|')})\\b(?: (\\d[\\d.]*|[a-z]+(?=$|[,;)])))?`, 'g');

/** A failure with hints that hold in a conversation: what flags do for one question, commands do here. */
export function forConversation(error: unknown): unknown {
  if (!(error instanceof OrxError)) return error;
  const { kind, code, status, provider, isRetryable, retryAfterMs, requestId, wire } = error;
  const hints = error.hints.map(conversationHint);
  return new OrxError(error.message, {
    kind,
    code,
    status,
    provider,
    isRetryable,
    retryAfterMs,
    requestId,
    wire,
    hints,
    cause: error,
  });
}

function conversationHint(hint: string): string {
  return hint
    .replace(
      PARAMETER,
      (_, name: string, value: string | undefined) => `/params ${name}${value === undefined ? '' : ` ${value}`}`,
    )
    .replace(/\blet another model answer: --fallback a,b/, 'ask another model: /model')
    .replace(/--fallback a,b/, '/model')
    .replace(/(^|[\s:])-m\b/, '$1/model')
    .replace(/: -x$/, '');
}
