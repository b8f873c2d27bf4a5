import { OrxError } from '../../errors.ts';
import { errorStatus, wireError } from '../wire-error.ts';

/** An error in OpenAI's form. `metadata` is OpenRouter's, if there is any. */
export interface OpenAiError {
  message: string;
  type: string;
  param: null;
  code: string | null;
  metadata?: unknown;
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  429: 'rate_limit_error',
};

export function openAiError(error: unknown): OpenAiError {
  const status = errorStatus(error);
  const { message, metadata } = wireError(error);
  const code = error instanceof OrxError && error.kind !== 'unexpected' ? error.code : undefined;
  return {
    message,
    type: TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
    param: null,
    code: code ?? null,
    ...(metadata !== undefined && { metadata }),
  };
}
