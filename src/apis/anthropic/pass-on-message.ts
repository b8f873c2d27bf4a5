import { withMembers } from '../../text/json-members.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest, TokenCount } from '../dialect.ts';
import { OrxError } from '../../errors.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asCount } from '../wire/wire-value.ts';
import { claudeFacts } from './claude-facts.ts';
import { ANTHROPIC_VERSION } from './names.ts';

/** Fields that clients of OpenRouter and LiteLLM add to a message: they speak to whoever routes, and Anthropic refuses what it does not know. */
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
];

/** A client's message as its vendor gets it. It always asks for a stream, as a translated one does. The API demands a limit, so that a missing one is added. */
export function passOnMessage(request: ChatRequest, original: OriginalRequest): PassedRequest {
  const { model, maxTokens = claudeFacts(model).defaultMaxTokens } = request;
  return passOn('/messages', request, original, { stream: 'true', max_tokens: String(maxTokens) });
}

/** What Anthropic would count for a client's message, by its own count. */
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
