import type { OrxError } from '../errors.ts';
import { decodeApiError } from '../apis/wire/errors/decode-error.ts';

interface Refusal {
  code: number;
  message: string;
  metadata?: Record<string, unknown>;
  availability?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** Returns the error of a request that no provider accepted, exactly as if OpenRouter had sent it. */
export function refusal({ headers, code, message, ...rest }: Refusal): OrxError {
  return decodeApiError({
    status: code,
    body: { error: { message, code, ...rest } },
    ...(headers === undefined ? {} : { headers }),
  });
}

export function unknownModel(id: string): OrxError {
  return refusal({
    code: 400,
    message: `${id} is not a valid model ID`,
    metadata: { error_type: 'invalid_request' },
    availability: { code: 'model_not_found', retryable: false, requested_models: [id] },
  });
}

export function notFound(message: string): OrxError {
  return refusal({ code: 404, message, metadata: { error_type: 'not_found' } });
}

/** Returns the error for a filter that excluded all endpoints of the model. `excludedBy`: the API's description of the filter. */
export function noEndpoint(
  message: string,
  model: string,
  filter: { excludedBy: readonly string[]; isPrivacy?: boolean; metadata?: Record<string, unknown> },
): OrxError {
  return refusal({
    code: 404,
    message,
    metadata: { error_type: 'not_found', ...filter.metadata },
    availability: {
      code: filter.isPrivacy === true ? 'privacy_restricted' : 'constraint_filtered',
      retryable: false,
      requested_models: [model],
      excluded_by: filter.excludedBy,
    },
  });
}
