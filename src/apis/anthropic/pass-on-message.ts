import { withMembers } from '../../text/json-members.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest, TokenCount } from '../dialect.ts';
import { OrxError } from '../../errors.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asCount } from '../wire/wire-value.ts';
import { claudeFacts } from './claude-facts.ts';
import { ANTHROPIC_VERSION } from './names.ts';

/** Fields for a router that clients of OpenRouter and LiteLLM add to a message. Anthropic rejects unknown fields. */
const ROUTER_FIELDS = [
  'models',
  'fallbacks',
  'provider',
  'plugins',
  'route',
  'session_id',
  'trace',
  'user',
  'transforms',
  'num_retries',
  'timeout',
  'tags',
  'restart',
  'litellm_metadata',
];

/**
 * Returns a client's message for the vendor. It always requests a stream, like a translated one. Adds a missing token limit,
 * which the API requires.
 */
export function passOnMessage(request: ChatRequest, original: OriginalRequest): PassedRequest {
  const { model, maxTokens = claudeFacts(model).defaultMaxTokens } = request;
  return passOn('/messages', request, original, { stream: 'true', max_tokens: String(maxTokens) });
}

/** Asks Anthropic to count the tokens of a client's message. */
export const messageTokenCount: TokenCount = {
  passOn: (request, original) => passOn('/messages/count_tokens', request, original, {}),
  decode(body) {
    const count = asCount(parseReply(body)['input_tokens']);
    if (count !== undefined) return count;
    throw new OrxError('the response contains no token count', { kind: 'provider', code: 'empty-reply' });
  },
};

function passOn(
  path: string,
  { model }: ChatRequest,
  { body, headers }: OriginalRequest,
  changes: Readonly<Record<string, string>>,
): PassedRequest {
  const left = Object.fromEntries(ROUTER_FIELDS.map((name) => [name, undefined]));
  const text = withMembers(body, { model: JSON.stringify(model), ...changes, ...left });
  return { path, headers: { 'anthropic-version': ANTHROPIC_VERSION, ...headers }, text };
}
