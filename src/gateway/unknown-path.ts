import { OrxError } from '../errors.ts';

/** What to change if a client requests a path that does not exist. The first match applies. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^(?:\/api)?\/v1\/completions$/, 'the gateway has no text completions; use POST /v1/chat/completions with messages'],
  [/^\/v1(?:\/v1)+\//, 'remove /v1 from the base URL of the client'],
  [/^\/(?:chat\/completions|responses|messages|embeddings|rerank|models)(?:\/|$)/, 'add /v1 to the base URL of the client'],
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
