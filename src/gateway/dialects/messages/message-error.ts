import { OrxError } from '../../../errors.ts';
import { errorStatus, wireError } from '../../wire-error.ts';

/**
 * Error types by status. Source: Anthropic's reference of errors; OpenRouter reports its own failures to these clients in the
 * same way.
 */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};
const OVERLOADED = 529;

export function messageErrorStatus(error: unknown): number {
  const status = errorStatus(error);
  return status === 503 ? OVERLOADED : status;
}

/** Returns an error in Anthropic's form, with OpenRouter's error code added. */
export function messageError(error: unknown, requestId: string): Record<string, unknown> {
  const status = messageErrorStatus(error);
  const { message, metadata } = wireError(error);
  const code = error instanceof OrxError && error.kind !== 'unexpected' ? error.code : undefined;
  return {
    type: 'error',
    error: {
      type: TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'),
      message:
        code === 'context_length_exceeded' ? tooLong(error instanceof OrxError ? (error.why ?? message) : message) : message,
      ...(code !== undefined && { error_type: code }),
      ...(metadata !== undefined && { metadata }),
    },
    request_id: requestId,
  };
}

/** Prefixes a message like Anthropic's, which makes Claude Code free context by itself. */
function tooLong(message: string): string {
  return /^prompt is too long/i.test(message) ? message : `prompt is too long: ${message}`;
}
