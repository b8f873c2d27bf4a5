import { createHash } from 'node:crypto';
import type { ChatRequest } from '../../../apis/completion.ts';
import type { ReasoningParameters, RequestParameters, ResponseFormat } from '../../../apis/request-parameters.ts';
import { parseExact } from '../../../text/exact-json.ts';
import { badRequest } from '../../bad-request.ts';
import { askedModels } from '../asked-models.ts';
import { parseRouting } from '../chat/parse-routing.ts';
import { parseWishes } from '../chat/parse-wishes.ts';
import { Fields, type FieldValues } from '../fields.ts';
import type { RequestTarget } from '../served-dialect.ts';
import { originalRequest } from './original-request.ts';
import { parseCacheControl } from './parse-cache-control.ts';
import { parseConversation } from './parse-conversation.ts';
import { parseSystem } from './parse-system.ts';
import { parseToolChoice, parseTools } from './parse-tools.ts';

/** OpenRouter's own fields, which its chat completions also have. */
const ROUTER_FIELDS = ['plugins', 'route', 'session_id', 'trace', 'transforms'];
/** OpenAI does not accept longer user names. */
const LONGEST_USER = 64;

/**
 * Parses the body of a message from Anthropic's clients. Checks required fields and the types of fields that orx reads. What has
 * no field in ChatRequest stays in the original body, which a vendor of the same dialect gets. Throws status 400.
 */
export function parseMessageRequest(body: string, { requestHeaders }: Pick<RequestTarget, 'requestHeaders'>): ChatRequest {
  const fields = Fields.parse(body);
  const { model, fallbackModels } = askedModels(fields);
  // Anthropic's and OpenRouter's `fallbacks` have LiteLLM's form.
  const { wishes, fallbacks } = parseWishes(fields.values);
  const { preferences, rest } = parseRouting(fields.get('provider'));
  const untranslated: string[] = [];
  const tools = parseTools(fields, untranslated);
  if (fields.objects('mcp_servers').length > 0) untranslated.push('MCP servers in a request');
  // Numbers in the input of calls stay as they were written.
  const conversation = parseConversation(new Fields(parseExact(body) as FieldValues), untranslated);
  const { thinking, ...effort } = parseReasoning(fields);
  return {
    model,
    fallbackModels: [...fallbackModels, ...fallbacks],
    messages: [...parseSystem(fields), ...conversation],
    stream: fields.flag('stream') === true,
    maxTokens: fields.count('max_tokens'),
    temperature: fields.number('temperature'),
    topP: fields.number('top_p'),
    topK: fields.number('top_k'),
    stop: fields.texts('stop_sequences'),
    tools,
    ...parseToolChoice(fields.object('tool_choice')),
    reasoning: thinking,
    ...effort,
    responseFormat: parseFormat(fields),
    cacheControl: parseCacheControl(fields),
    serviceTier: fields.text('service_tier'),
    user: userOf(fields),
    routing: preferences,
    ...(wishes !== undefined && { wishes }),
    extra: extraOf(fields, rest),
    original: originalRequest(body, fields.values, requestHeaders, untranslated),
  };
}

/** Without thinking, the effort states how much the model writes, which other vendors call verbosity. */
function parseReasoning(fields: Fields): { thinking?: ReasoningParameters; verbosity?: string } {
  const effort = fields.object('output_config')?.text('effort');
  const thinking = fields.object('thinking');
  const exclude = thinking?.text('display') === 'omitted' ? { exclude: true } : {};
  switch (thinking?.text('type')) {
    case 'enabled': {
      const maxTokens = thinking.count('budget_tokens');
      if (maxTokens === undefined) throw badRequest('thinking.budget_tokens is missing');
      return { thinking: { maxTokens, ...exclude }, ...(effort !== undefined && { verbosity: effort }) };
    }
    case 'adaptive':
      return { thinking: { ...(effort === undefined ? { enabled: true } : { effort }), ...exclude } };
    // For some of Anthropic's models, reasoning between tool calls is the minimum.
    case 'disabled':
    case 'between_tools':
      return { thinking: { enabled: false }, ...(effort !== undefined && { verbosity: effort }) };
    case undefined:
      return effort === undefined ? {} : { verbosity: effort };
    default:
      throw badRequest('thinking.type must be one of enabled, adaptive, disabled, between_tools');
  }
}

/** `output_format` is the older name of `output_config.format`. */
function parseFormat(fields: Fields): ResponseFormat | undefined {
  const format = fields.object('output_config')?.object('format') ?? fields.object('output_format');
  if (format === undefined) return undefined;
  if (format.text('type') !== 'json_schema') throw badRequest(`${format.place('type')} must be json_schema`);
  const schema = format.object('schema')?.values;
  if (schema === undefined) throw badRequest(`${format.place('schema')} is missing`);
  return { type: 'json_schema', name: 'answer', schema, strict: true };
}

/**
 * Returns the id of a client's user. An id that is too long for other vendors becomes its hash, which still identifies the user.
 */
function userOf(fields: Fields): RequestParameters['user'] {
  const id = fields.object('metadata')?.text('user_id') ?? fields.text('user');
  return id === undefined || id.length <= LONGEST_USER ? id : createHash('sha256').update(id).digest('hex');
}

function extraOf(fields: Fields, provider: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const known = ROUTER_FIELDS.map((name) => [name, fields.get(name)] as const).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), ...(provider !== undefined && { provider }) };
}
