import { OrxError } from '../../errors.ts';

/** Why a request failed, grouped by who has to act. The list is closed: dashboards and alerts depend on it. */
export const ERROR_CLASSES = [
  'caller.unauthenticated',
  'caller.unknown_model',
  'caller.invalid_request',
  'caller.cancelled',
  'policy.blocked',
  'policy.budget',
  'policy.rate_limit',
  'provider.auth',
  'provider.billing',
  'provider.rate_limited',
  'provider.overloaded',
  'provider.server_error',
  'provider.timeout',
  'provider.connection',
  'gateway.dropped',
  'gateway.internal',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** Returns the class of a failure. `wasSent`: an attempt was sent, so the gateway itself did not reject the request. */
export function errorClass(error: unknown, wasSent: boolean): ErrorClass {
  if (!(error instanceof OrxError)) return 'gateway.internal';
  switch (error.kind) {
    case 'interrupted':
      return error.code === 'client-gone' ? 'caller.cancelled' : 'gateway.dropped';
    case 'usage':
      return 'caller.invalid_request';
    case 'authentication':
      return error.status === 401 && !wasSent ? 'caller.unauthenticated' : 'provider.auth';
    case 'credits':
      return wasSent && error.code !== 'budget' ? 'provider.billing' : 'policy.budget';
    case 'rate-limit':
      return wasSent ? 'provider.rate_limited' : 'policy.rate_limit';
    case 'no-endpoint':
      return isBlocked(error) ? 'policy.blocked' : 'caller.unknown_model';
    case 'network':
      return /timeout/.test(error.code ?? '') ? 'provider.timeout' : 'provider.connection';
    case 'provider':
      return isOverloaded(error) ? 'provider.overloaded' : 'provider.server_error';
    case 'model-mismatch':
      return 'policy.blocked';
    case 'unexpected':
      return 'gateway.internal';
  }
}

/** The model exists but may not be used for this request. */
function isBlocked({ status, code }: OrxError): boolean {
  return status === 403 || /polic|moderation|refusal/.test(code ?? '');
}

function isOverloaded({ status, code }: OrxError): boolean {
  return status === 503 || status === 529 || /overloaded/.test(code ?? '');
}
