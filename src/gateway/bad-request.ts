import { OrxError } from '../errors.ts';

/** Returns the error for a body that the API would reject too: status 400. */
export function badRequest(message: string): OrxError {
  return new OrxError(message, { kind: 'usage', code: 'invalid_request', status: 400 });
}
