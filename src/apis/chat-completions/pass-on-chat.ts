import { exactJson } from '../../text/exact-json.ts';
import { withMembers } from '../../text/json-members.ts';
import type { ChatDeviations } from '../chat-deviations.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { deviationsOf } from './deviations.ts';
import { encodeChatRequest } from './encode-chat-request.ts';

/** The fields of an OpenAI message. OpenRouter's clients add fields that have another form at each host. */
const MESSAGE_FIELDS = new Set(['role', 'content', 'name', 'tool_calls', 'tool_call_id', 'refusal', 'audio']);

/**
 * Returns a client's chat completion for its vendor: messages and tools as written, all other fields under the vendor's names.
 * Returns undefined when the host deviates from OpenAI in the messages, or the conversation does not have the form that the host
 * accepts; the request is then translated.
 */
export function passOnChat(
  request: ChatRequest,
  { body, wire = asObject(JSON.parse(body)) ?? {} }: OriginalRequest,
  vendor: Vendor,
): PassedRequest | undefined {
  const deviations = deviationsOf(vendor, request.model);
  if (departs(wire, request, deviations) || !isAsSent(asArray(wire['messages']), request)) return undefined;
  const { path, body: encoded, dropped } = encodeChatRequest({ ...request, messages: [] }, vendor);
  const changes = new Map<string, string | undefined>();
  for (const name of Object.keys(wire)) changes.set(name, undefined);
  for (const name of Object.keys(encoded)) {
    const value = encoded[name];
    if (value === undefined) continue;
    const text = isPlain(value) && value === wire[name] ? undefined : exactJson(value);
    // Unchanged values stay as the client wrote them.
    if (text === undefined || text === JSON.stringify(wire[name])) changes.delete(name);
    else changes.set(name, text);
  }
  changes.delete('messages');
  if (hasSchemas(wire['tools'])) changes.delete('tools');
  return { path, text: withMembers(body, changes), dropped };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}

function departs(wire: WireObject, { toolChoice, responseFormat }: ChatRequest, deviations: ChatDeviations): boolean {
  const messages = asArray(wire['messages']).map((message) => asObject(message) ?? {});
  const has = (name: string): boolean => messages.some((message) => (message[name] ?? undefined) !== undefined);
  const instructs = messages.some(({ role }) => role === 'system' || role === 'developer');
  return (
    deviations.hasMistralParts === true ||
    deviations.marksPrefix === true ||
    (deviations.systemRole !== undefined && instructs) ||
    (deviations.replaysReasoningAs !== undefined && has('tool_calls')) ||
    (deviations.attachments !== undefined && messages.some(({ content }) => Array.isArray(content))) ||
    (deviations.hasNoJsonSchema === true && responseFormat?.type === 'json_schema') ||
    (deviations.hasNoNamedToolChoice === true && typeof toolChoice === 'object')
  );
}

/** Returns whether the messages are in OpenAI's form and in the order that the strictest host accepts, which `request` has. */
function isAsSent(messages: readonly unknown[], request: ChatRequest): boolean {
  return (
    messages.length === request.messages.length &&
    messages.every((item, at) => {
      const { role, toolCallId, toolCalls = [] } = request.messages[at]!;
      const message = asObject(item) ?? {};
      const calls = asArray(message['tool_calls']).map((call) => asText(asObject(call)?.['id']));
      return (
        (message['role'] === 'developer' ? 'system' : message['role']) === role &&
        asText(message['tool_call_id']) === toolCallId &&
        calls.join() === toolCalls.map(({ id }) => id).join() &&
        Object.entries(message).every(([name, value]) => MESSAGE_FIELDS.has(name) || value === null) &&
        asArray(message['content']).every((part) => asObject(part)?.['cache_control'] === undefined)
      );
    })
  );
}

/** Returns whether every tool has a schema. Some hosts reject a tool without one, so the request is translated, which adds it. */
function hasSchemas(tools: unknown): boolean {
  return asArray(tools).every((tool) => asObject(asObject(asObject(tool)?.['function'])?.['parameters']) !== undefined);
}
