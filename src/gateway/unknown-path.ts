import { OrxError } from '../errors.ts';

/** What to do about paths without a route that clients request. The first match applies. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^(?:\/api)?\/v1\/completions$/, 'the gateway has no text completions; use POST /v1/chat/completions with messages'],
  [/^\/v1(?:\/v1)+\//, 'the base URL of this client ends without /v1'],
  [/^\/(?:chat\/completions|responses|messages|embeddings|rerank|models)(?:\/|$)/, 'the base URL of this client ends with /v1'],
  [/^(?:\/api)?\/v1\/responses\/./, 'the gateway stores no responses; send the whole conversation in input'],
];

/** Returns the error for a path without a route, with status 404. */
export function unknownPath(path: string): OrxError {
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(path)) ?? [];
  return new OrxError(`unknown path ${path}${advice === undefined ? '' : `: ${advice}`}`, {
    kind: 'usage',
    code: 'not_found',
    status: 404,
  });
}
