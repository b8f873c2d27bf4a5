import { withMembers } from '../../text/json-members.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest } from '../dialect.ts';
import { claudeFacts } from './claude-facts.ts';
import { ANTHROPIC_VERSION } from './names.ts';

/** Fields that OpenRouter and its clients add to a message: they speak to whoever routes, and Anthropic refuses what it does not know. */
const ROUTER_FIELDS = ['models', 'fallbacks', 'provider', 'plugins', 'route', 'session_id', 'trace', 'user', 'transforms'];

/** A client's message as its vendor gets it. It always asks for a stream, as a translated one does. The API demands a limit, so that a missing one is added. */
export function passOnMessage({ model, maxTokens }: ChatRequest, { body, headers }: OriginalRequest): PassedRequest {
  const text = withMembers(body, {
    model: JSON.stringify(model),
    stream: 'true',
    max_tokens: String(maxTokens ?? claudeFacts(model).defaultMaxTokens),
    ...Object.fromEntries(ROUTER_FIELDS.map((name) => [name, undefined])),
  });
  return { path: '/messages', headers: { 'anthropic-version': ANTHROPIC_VERSION, ...headers }, text };
}
