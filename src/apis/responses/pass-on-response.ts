import { memberText, withMembers } from '../../text/json-members.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { reasons } from './reasoning-models.ts';

/** Fields that OpenRouter adds to a response: they speak to whoever routes, and vendors refuse what they do not know. */
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
];
const ENCRYPTED = 'reasoning.encrypted_content';

/**
 * A client's response as its vendor gets it: not stored, and with the reasoning in encrypted form, because without it nothing of the reasoning
 * could be sent again. Undefined for xAI where there are instructions: it has no such field.
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
