import { OrxError } from '../../../errors.ts';
import { type FieldValues, isFields } from '../fields.ts';
import { anyText } from '../../../text/any-text.ts';
import { errorStatus, wireError } from '../../wire-error.ts';

/** Google's status names. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'FAILED_PRECONDITION',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Returns an error in Google's form. Its details contain the wait that a vendor requests. */
export function geminiError(error: unknown): FieldValues {
  const code = errorStatus(error);
  const status = STATUS_NAMES[code] ?? (code < 500 ? 'INVALID_ARGUMENT' : 'UNAVAILABLE');
  const waitMs = error instanceof OrxError ? error.retryAfterMs : undefined;
  const { message, metadata } = wireError(error);
  const details = [
    ...(waitMs === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${Math.ceil(waitMs / 1000)}s` }]),
    ...(error instanceof OrxError && error.code !== undefined && error.kind !== 'unexpected'
      ? [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: error.code,
            domain: 'orx',
            metadata: plainMetadata(metadata),
          },
        ]
      : []),
  ];
  return { error: { code, message, status, ...(details.length > 0 && { details }) } };
}

/** Returns metadata in Google's form, a map of texts: such as which budget a request would exceed. */
function plainMetadata(metadata: unknown): Readonly<Record<string, string>> | undefined {
  if (!isFields(metadata)) return undefined;
  const facts = Object.entries(metadata).flatMap(([name, value]): [string, unknown][] =>
    isFields(value) ? Object.entries(value).map(([inner, one]) => [`${name}_${inner}`, one]) : [[name, value]],
  );
  return Object.fromEntries(
    facts.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [name, anyText(value)]),
  );
}
