import type { IncomingHttpHeaders } from 'node:http';
import type { OriginalRequest } from '../../../apis/completion.ts';
import { withMembers } from '../../../text/json-members.ts';
import { exactJson, parseExact } from '../../../text/exact-json.ts';
import { isFields, type FieldValues } from '../fields.ts';
import { openReasoning } from '../sealed-reasoning.ts';
import { anyText } from '../../../text/any-text.ts';

/** Headers of a client that are forwarded to the vendor. None contains a key. */
const PASSED_HEADERS = ['anthropic-version', 'anthropic-beta'];
const ACCEPTED_ID = /^[\w-]+$/;

/**
 * Returns the body for a vendor with Anthropic's dialect. Removes only what other vendors added to the conversation and Anthropic
 * would reject: reasoning that it did not sign, and call ids in another form.
 */
export function originalRequest(
  body: string,
  values: FieldValues,
  requestHeaders: IncomingHttpHeaders,
  untranslated: readonly string[],
): OriginalRequest {
  const headers: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = requestHeaders[name];
    if (typeof value === 'string' && /^[\x20-\x7e]{1,2000}$/.test(value)) headers[name] = value;
  }
  return { dialect: 'anthropic', body: withPlainMetadata(withoutForeign(body, values), values), headers, untranslated };
}

/** Anthropic accepts one field of `metadata`. Other fields are for the gateway. */
function withPlainMetadata(body: string, { metadata }: FieldValues): string {
  if (!isFields(metadata) || Object.keys(metadata).every((name) => name === 'user_id')) return body;
  const { user_id: user } = metadata;
  return withMembers(body, { metadata: user === undefined ? undefined : JSON.stringify({ user_id: user }) });
}

function withoutForeign(body: string, { messages, thinking }: FieldValues): string {
  if (!Array.isArray(messages) || !messages.some(isForeign)) return body;
  const exact = (parseExact(body) as FieldValues)['messages'] as readonly FieldValues[];
  const own = exact.map(ownMessage).filter(({ content }) => !Array.isArray(content) || content.length > 0);
  const isBroken = isFields(thinking) && thinking['type'] === 'enabled' && callsUnreasoned(own);
  return withMembers(body, {
    messages: exactJson(own),
    ...(isBroken && { thinking: '{"type":"disabled"}' }),
  });
}

function blocksOf(message: unknown): readonly FieldValues[] {
  const content = isFields(message) ? message['content'] : undefined;
  return Array.isArray(content) ? content.filter(isFields) : [];
}

function isForeign(message: unknown): boolean {
  return blocksOf(message).some(
    (block) =>
      isForeignReasoning(block) || foreignIdOf(block) !== undefined || isMadeImage(message, block) || isForeignlyCited(block),
  );
}

/** Anthropic's answers contain no images, and it rejects them in earlier answers. */
function isMadeImage(message: unknown, block: FieldValues): boolean {
  return isFields(message) && message['role'] === 'assistant' && block['type'] === 'image';
}

/** Anthropic's own citations have a code that those of other vendors lack. */
function isForeignlyCited({ citations }: FieldValues): boolean {
  return Array.isArray(citations) && citations.some((one) => isFields(one) && one['encrypted_index'] === '');
}

function isForeignReasoning({ type, signature, data }: FieldValues): boolean {
  if (type === 'redacted_thinking') return typeof data === 'string' && openReasoning(data) !== undefined;
  if (type !== 'thinking') return false;
  return typeof signature !== 'string' || signature === '' || openReasoning(signature) !== undefined;
}

/** Returns the field with an id that Anthropic rejects. */
function foreignIdOf(block: FieldValues): 'id' | 'tool_use_id' | undefined {
  const name = block['type'] === 'tool_use' ? 'id' : block['type'] === 'tool_result' ? 'tool_use_id' : undefined;
  const id = name === undefined ? undefined : block[name];
  return typeof id === 'string' && !ACCEPTED_ID.test(id) ? name : undefined;
}

function ownMessage(message: FieldValues): FieldValues {
  if (!isForeign(message)) return message;
  const content = blocksOf(message)
    .filter((block) => !isForeignReasoning(block))
    .map((block) => {
      if (isMadeImage(message, block)) return { type: 'text', text: '[image]' };
      if (isForeignlyCited(block)) return { ...block, citations: undefined };
      const name = foreignIdOf(block);
      return name === undefined ? block : { ...block, [name]: anyText(block[name]).replaceAll(/[^\w-]/g, '_') };
    });
  return { ...message, content };
}

/** With a reasoning budget, Anthropic refuses to continue a turn whose calls were made without reasoning. */
function callsUnreasoned(messages: readonly FieldValues[]): boolean {
  const isQuestion = (message: FieldValues): boolean =>
    message['role'] === 'user' && !blocksOf(message).some(({ type }) => type === 'tool_result');
  const answer = messages.slice(messages.findLastIndex(isQuestion) + 1).find(({ role }) => role === 'assistant');
  const blocks = blocksOf(answer);
  return blocks.some(({ type }) => type === 'tool_use') && !anyText(blocks[0]?.['type']).endsWith('thinking');
}
