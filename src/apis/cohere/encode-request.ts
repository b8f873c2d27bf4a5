import type { ChatRequest } from '../completion.ts';
import type { EncodedCompletion } from '../dialect.ts';
import type { FunctionTool, ResponseFormat, ToolChoice } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { droppedParameters, extraFields, type OptionalParameter, ownTools, unsupported } from '../wire/direct-request.ts';
import { encodeCohereMessages } from './encode-messages.ts';
import { encodeCohereThinking } from './encode-thinking.ts';

/** Cache markers are not listed here, because Cohere caches automatically. */
const MISSING: readonly OptionalParameter[] = [
  'minP',
  'topA',
  'repetitionPenalty',
  'logitBias',
  'verbosity',
  'imageConfig',
  'parallelToolCalls',
  'maxToolCalls',
  'serviceTier',
  'transforms',
  'metadata',
  'user',
];
const MOST_STOPS = 5;

type Wire = Record<string, unknown>;

/** Encodes a request to `/v2/chat`. It always requests a stream. */
export function encodeCohereRequest(request: ChatRequest, vendor: Vendor): EncodedCompletion {
  refuseMedia(request, vendor);
  const dropped = [...droppedParameters(request, vendor, MISSING)];
  const { model, stop = [], toolChoice, responseFormat } = request;
  const tools = offeredTools(ownTools(request, vendor), toolChoice);
  const thinking = encodeCohereThinking(model, request.reasoning, vendor);
  if (stop.length > MOST_STOPS) dropped.push(`stop: ${vendor.label} accepts ${MOST_STOPS}; orx sent the first ${MOST_STOPS}`);
  const limited = (name: string, value: number | undefined, least: number, most: number): number | undefined => {
    const near = value === undefined ? undefined : Math.min(most, Math.max(least, value));
    if (near !== value) dropped.push(`${name} ${value}: ${vendor.label} accepts ${least} to ${most}; orx sent ${near}`);
    return near;
  };
  const wire: Wire = {
    model,
    messages: encodeCohereMessages(request.messages, vendor),
    stream: true,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    p: limited('top_p', request.topP, 0.01, 0.99),
    k: limited('top_k', request.topK, 0, 500),
    frequency_penalty: limited('frequency_penalty', request.frequencyPenalty, 0, 1),
    presence_penalty: limited('presence_penalty', request.presencePenalty, 0, 1),
    seed: request.seed,
    stop_sequences: stop.length === 0 ? undefined : stop.slice(0, MOST_STOPS),
    response_format: responseFormat === undefined ? undefined : encodeCohereFormat(responseFormat),
    thinking: thinking.config,
    ...encodeOffer(tools, toolChoice),
  };
  return {
    path: '/chat',
    body: { ...extraFields(request), ...Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined)) },
    dropped: [...dropped, ...thinking.dropped],
  };
}

function refuseMedia({ modalities = [], audio }: ChatRequest, vendor: Vendor): void {
  const other = modalities.find((one) => one !== 'text') ?? (audio === undefined ? undefined : 'audio');
  if (other !== undefined) throw unsupported(`${other} output`, vendor);
}

/** Returns the tools to offer. Cohere cannot require a named tool, so orx offers only that one. */
function offeredTools(tools: readonly FunctionTool[], choice: ToolChoice | undefined): readonly FunctionTool[] {
  return typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools;
}

function encodeOffer(tools: readonly FunctionTool[], choice: ToolChoice | undefined): Wire {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(encodeTool),
    strict_tools: tools.some(({ strict }) => strict === true) ? true : undefined,
    tool_choice: choice === 'none' ? 'NONE' : choice === undefined || choice === 'auto' ? undefined : 'REQUIRED',
  };
}

function encodeTool({ name, description, parameters = { type: 'object', properties: {} } }: FunctionTool): Wire {
  return { type: 'function', function: { name, ...(description !== undefined && { description }), parameters } };
}

function encodeCohereFormat(format: ResponseFormat): Wire {
  return format.type === 'json_object' ? { type: 'json_object' } : { type: 'json_object', json_schema: format.schema };
}
