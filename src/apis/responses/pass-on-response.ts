import { memberText, withMembers } from '../../text/json-members.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { reasons } from './reasoning-models.ts';

/** Fields for a router that clients of OpenRouter and LiteLLM add to a response. Vendors reject unknown fields. */
const ROUTER_FIELDS = [
  'models',
  'provider',
  'plugins',
  'route',
  'session_id',
  'trace',
  'debug',
  'modalities',
  'image_config',
  'cache_control',
  'stop_server_tools_when',
  'fallbacks',
  'num_retries',
  'timeout',
  'tags',
  'restart',
  'litellm_metadata',
];
const ENCRYPTED = 'reasoning.encrypted_content';

/**
 * Returns a client's response for its vendor: not stored, and with encrypted reasoning, because otherwise the reasoning could not
 * be sent back. Returns undefined for xAI with instructions, a field that xAI does not support.
 */
export function passOnResponse(
  { model, stream, maxTokens, reasoning }: ChatRequest,
  { body, headers }: OriginalRequest,
  vendor: Vendor,
): PassedRequest | undefined {
  if (vendor.name === 'xai' && (memberText(body, 'instructions') ?? 'null') !== 'null') return undefined;
  const text = withMembers(body, {
    model: JSON.stringify(model),
    stream: String(stream),
    store: 'false',
    ...(reasons(vendor, model, reasoning) && { include: JSON.stringify(withEncrypted(memberText(body, 'include'))) }),
    ...(maxTokens !== undefined && { max_output_tokens: String(maxTokens) }),
    ...Object.fromEntries(ROUTER_FIELDS.map((name) => [name, undefined])),
  });
  return { path: '/responses', headers, text };
}

function withEncrypted(include: string | undefined): readonly unknown[] {
  const list: unknown = include === undefined ? null : JSON.parse(include);
  return [...new Set([...(Array.isArray(list) ? (list as unknown[]) : []), ENCRYPTED])];
}
