import { OrxError } from '../errors.ts';

/** A body that the API would not take either: status 400. */
export function badRequest(message: string): OrxError {
  return new OrxError(message, { kind: 'usage', code: 'invalid_request', status: 400 });
}
