import { OrxError } from '../../errors.ts';
import { parseReply } from './parse-reply.ts';
import { asObjects, type WireObject } from './wire-value.ts';

/** The objects of a list of models, which stands under `field` of the body. Throws OrxError for a body that holds no list. */
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
