import { OrxError } from '../../errors.ts';
import { parseReply } from './parse-reply.ts';
import { asObjects, type WireObject } from './wire-value.ts';

/** Returns the objects of a list of models in `field` of the body. Throws OrxError for a body without a list. */
export function modelList(body: string, field: string): readonly WireObject[] {
  const list = parseReply(body)[field];
  if (!Array.isArray(list)) {
    throw new OrxError('the response contains no list of models', {
      kind: 'provider',
      code: 'no-models',
      hints: ['check the base URL, with its path: orx vendors list'],
    });
  }
  return asObjects(list);
}
