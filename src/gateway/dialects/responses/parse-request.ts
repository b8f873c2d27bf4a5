import type { ChatRequest } from '../../../apis/completion.ts';
import type { ReasoningParameters, RequestParameters, ResponseFormat } from '../../../apis/request-parameters.ts';
import { badRequest } from '../../bad-request.ts';
import { askedModels } from '../asked-models.ts';
import { withMembers } from '../../../text/json-members.ts';
import { parseWishes } from '../chat/parse-wishes.ts';
import { parseRouting } from '../chat/parse-routing.ts';
import { Fields, type FieldValues } from '../fields.ts';
import { parseInput } from './parse-input.ts';
import { parseResponseTools } from './parse-tools.ts';

/** Fields that only OpenRouter understands, sent to it unchanged. */
const ROUTER_FIELDS = ['route', 'debug'] as const;
/** OpenRouter's equivalent of `truncation: auto`. */
const TRUNCATION = ['middle-out'];

/**
 * Parses the body of `/responses`. Throws status 400, also for requests that need stored responses, because the gateway stores
 * none.
 */
export function parseResponsesRequest(body: string): ChatRequest {
  const fields = Fields.parse(body);
  refuseStored(fields);
  const { model, fallbackModels } = askedModels(fields);
  const routing = parseRouting(fields.get('provider'));
  const { wishes, fallbacks } = parseWishes(fields.values);
  const metadata = withoutTags(fields.object('metadata'));
  const instructions = fields.text('instructions') ?? '';
  const extra: Record<string, unknown> = {};
  for (const name of ROUTER_FIELDS) if (fields.get(name) !== undefined) extra[name] = fields.get(name);
  if (routing.rest !== undefined) extra['provider'] = routing.rest;
  const { tools, toolChoice, vendorTools } = parseResponseTools(fields);
  const messages = parseInput(fields);
  const untranslated = vendorTools.map((name) => `the tool ${name.slice(0, 60)}`);
  // Only orx can read what it has sealed, so such a conversation is translated even for a vendor of this dialect.
  const isSealed = messages.some(({ answeredBy }) => answeredBy !== undefined);
  if (isSealed && untranslated.length > 0)
    throw badRequest(`${untranslated[0]} is not supported: the conversation contains reasoning of another vendor`);
  const request: ChatRequest = {
    ...parseResponsesParameters(fields),
    ...(metadata !== undefined && { metadata: metadata.pairs }),
    ...(tools !== undefined && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    model,
    fallbackModels: [...fallbackModels, ...fallbacks],
    messages: [...(instructions === '' ? [] : [{ role: 'system', content: instructions } as const]), ...messages],
    stream: fields.flag('stream') === true,
    routing: routing.preferences,
    ...(wishes !== undefined && { wishes }),
    ...(Object.keys(extra).length > 0 && { extra }),
    ...(!isSealed && {
      original: {
        dialect: 'responses' as const,
        body: metadata?.isTagged === true ? withPairs(body, metadata.pairs) : body,
        untranslated,
      },
    }),
  };
  BODIES.set(request, fields.values);
  return request;
}

/** The bodies of clients: a response repeats many of their fields. */
const BODIES = new WeakMap<ChatRequest, FieldValues>();

/** Returns the body from which a request was parsed. */
export function responsesBody(request: ChatRequest): FieldValues {
  return BODIES.get(request) ?? {};
}

function refuseStored(fields: Fields): void {
  if (fields.flag('store') === true) throw stateless('store: true');
  if (fields.flag('background') === true) throw stateless('background: true');
  for (const name of ['previous_response_id', 'conversation', 'prompt'])
    if (fields.get(name) !== undefined) throw stateless(name);
}

function stateless(what: string): Error {
  return badRequest(`${what} is not supported: responses are not stored; send the whole conversation in input`);
}

function parseResponsesParameters(fields: Fields): RequestParameters {
  const text = fields.object('text');
  fields.texts('include');
  const parameters: RequestParameters = {
    temperature: fields.number('temperature'),
    maxTokens: fields.count('max_output_tokens'),
    topP: fields.number('top_p'),
    topK: fields.number('top_k'),
    frequencyPenalty: fields.number('frequency_penalty'),
    presencePenalty: fields.number('presence_penalty'),
    reasoning: parseReasoning(fields.object('reasoning')),
    verbosity: text?.text('verbosity'),
    responseFormat: parseTextFormat(text?.object('format')),
    parallelToolCalls: fields.flag('parallel_tool_calls'),
    maxToolCalls: fields.count('max_tool_calls'),
    modalities: fields.texts('modalities'),
    imageConfig: fields.object('image_config')?.values,
    plugins: fields.list('plugins') === undefined ? undefined : fields.objects('plugins').map(({ values }) => values),
    serviceTier: fields.text('service_tier'),
    transforms: parseTruncation(fields),
    user: fields.text('user') ?? fields.text('safety_identifier'),
    sessionId: fields.text('session_id') ?? fields.text('prompt_cache_key'),
    cacheControl: fields.object('cache_control')?.values as RequestParameters['cacheControl'],
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

function parseReasoning(fields: Fields | undefined): ReasoningParameters | undefined {
  if (fields === undefined) return undefined;
  const effort = fields.text('effort');
  const maxTokens = fields.count('max_tokens', 0);
  const enabled = fields.flag('enabled');
  const reasoning: ReasoningParameters = {
    ...(effort !== undefined && { effort }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(enabled !== undefined && { enabled }),
  };
  if (Object.keys(reasoning).length > 0) return reasoning;
  // A client that requests only a summary wants reasoning too.
  return fields.text('summary') === undefined && fields.text('generate_summary') === undefined ? undefined : { enabled: true };
}

/** Returns undefined for plain text, which is the default. */
function parseTextFormat(format: Fields | undefined): ResponseFormat | undefined {
  const type = format?.text('type') ?? 'text';
  if (format === undefined || type === 'text') return undefined;
  if (type === 'json_object') return { type };
  if (type !== 'json_schema') throw badRequest(`${format.place('type')} must be one of text, json_object, json_schema`);
  const schema = format.object('schema')?.values;
  if (schema === undefined) throw badRequest(`${format.place('schema')} is missing`);
  const description = format.text('description');
  return {
    type,
    name: format.text('name') ?? 'answer',
    ...(description !== undefined && { description }),
    schema,
    strict: format.flag('strict') === true,
  };
}

function parseTruncation(fields: Fields): readonly string[] | undefined {
  const truncation = fields.text('truncation') ?? 'disabled';
  if (truncation !== 'auto' && truncation !== 'disabled') throw badRequest('truncation must be one of auto, disabled');
  return truncation === 'auto' ? TRUNCATION : undefined;
}

type Pairs = Readonly<Record<string, string>>;

/** Returns the pairs of `metadata` for the vendor: a list of tags in it is for the gateway. */
function withoutTags(fields: Fields | undefined): { pairs: Pairs | undefined; isTagged: boolean } | undefined {
  if (fields === undefined) return undefined;
  const isTagged = Array.isArray(fields.get('tags'));
  const pairs = Object.fromEntries(Object.entries(fields.values).filter(([name]) => !isTagged || name !== 'tags'));
  for (const name of Object.keys(pairs)) fields.text(name);
  return { pairs: Object.keys(pairs).length === 0 ? undefined : (pairs as Pairs), isTagged };
}

function withPairs(body: string, pairs: Pairs | undefined): string {
  return withMembers(body, { metadata: pairs && JSON.stringify(pairs) });
}
