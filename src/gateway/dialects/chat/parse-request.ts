import type { ChatRequest } from '../../../apis/completion.ts';
import { isDirect } from '../../../apis/direct-id.ts';
import { badRequest } from '../../bad-request.ts';
import { parseBody } from '../fields.ts';
import { parseMessages, type Wire } from './parse-messages.ts';
import { parseParameters } from './parse-parameters.ts';
import { parseRouting } from './parse-routing.ts';
import { parseWishes } from './parse-wishes.ts';
import type { RequestTarget } from '../served-dialect.ts';

/** Fields with their own property in ChatRequest; all others go into `extra`. */
const KNOWN = new Set([
  'model',
  'models',
  'messages',
  'stream',
  'temperature',
  'max_tokens',
  'max_completion_tokens',
  'provider',
  'prompt',
]);

/**
 * Parses the wire body of a completion. Checks required fields and the types of fields that orx reads, and accepts everything
 * else: unknown and legacy fields stay in `extra`. Throws status 400.
 */
export function parseChatRequest(body: string, { asksVendor = isDirect }: Pick<RequestTarget, 'asksVendor'> = {}): ChatRequest {
  const wire: Wire = parseBody(body);
  const fallbacks = textList(wire, 'models') ?? [];
  const asked = optional(wire, 'model', 'a model id', (value) => typeof value === 'string' && value.trim() !== '') as
    | string
    | undefined;
  const model = asked ?? fallbacks[0];
  if (model === undefined) throw badRequest('model is missing; set it, for example to "deepseek/deepseek-chat"');
  const routing = parseRouting(wire['provider']);
  const extra: Record<string, unknown> = {};
  for (const name of Object.keys(wire)) if (!KNOWN.has(name)) extra[name] = wire[name];
  if (routing.rest !== undefined) extra['provider'] = routing.rest;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  optional(wire, 'n', '1; send one request for each response', (value) => value === 1);
  const isNumber = (value: unknown): boolean => typeof value === 'number';
  const { wishes, fallbacks: more, rest: others } = parseWishes(extra);
  const fallbackModels = (asked === undefined ? fallbacks.slice(1) : fallbacks).concat(more);
  // OpenRouter gets every field unchanged; a vendor may have another name for it.
  const mayAskVendor = asksVendor(model) || fallbackModels.some(asksVendor);
  const { parameters, rest } = mayAskVendor ? parseParameters(others) : { parameters: {}, rest: others };
  return {
    ...parameters,
    model,
    fallbackModels,
    messages: parseMessages(wire['messages'], wire['prompt']),
    stream: optional(wire, 'stream', 'true or false', (value) => typeof value === 'boolean') === true,
    temperature: optional(wire, 'temperature', 'a number', isNumber) as number | undefined,
    maxTokens: (optional(wire, 'max_completion_tokens', 'a whole number from 1', isCount) ??
      optional(wire, 'max_tokens', 'a whole number from 1', isCount)) as number | undefined,
    routing: routing.preferences,
    wishes,
    extra: rest,
    original: mayAskVendor ? { dialect: 'chat-completions', body, wire } : undefined,
  };
}

function textList(wire: Wire, name: string): string[] | undefined {
  const isList = (value: unknown): boolean =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && item.trim() !== '');
  return optional(wire, name, 'a list of model ids', isList) as string[] | undefined;
}

/** null counts as absent, as in the API. */
function optional(wire: Wire, name: string, expected: string, fits: (value: unknown) => boolean): unknown {
  const value = wire[name] ?? undefined;
  if (value !== undefined && !fits(value)) throw badRequest(`${name} must be ${expected}`);
  return value;
}
