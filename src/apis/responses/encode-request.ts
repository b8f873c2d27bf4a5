import type { ChatRequest } from '../completion.ts';
import type { EncodedCompletion } from '../dialect.ts';
import type { FunctionTool, ResponseFormat, ToolChoice } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { droppedParameters, extraFields, type OptionalParameter, ownTools, unsupported } from '../wire/direct-request.ts';
import { encodeInput } from './encode-input.ts';
import { isOff, reasons, refusesEffort, refusesSampling } from './reasoning-models.ts';
import { USE_ANOTHER_MODEL } from '../../hints.ts';

type Wire = Record<string, unknown>;

const MISSING: readonly OptionalParameter[] = [
  'topK',
  'minP',
  'topA',
  'frequencyPenalty',
  'presencePenalty',
  'repetitionPenalty',
  'seed',
  'stop',
  'logitBias',
  'imageConfig',
  // Applies to tools that the vendor runs; orx offers only those of OpenRouter.
  'maxToolCalls',
  // Describes a stored response.
  'metadata',
  'transforms',
];
const LONGEST_CACHE_KEY = 64;

/**
 * Encodes a request of `/responses` that the vendor does not store. It contains the whole conversation, with encrypted reasoning.
 */
export function encodeResponsesRequest(request: ChatRequest, vendor: Vendor): EncodedCompletion {
  const { modalities = [], audio, reasoning, responseFormat, sessionId, toolChoice, verbosity } = request;
  const other = modalities.find((one) => one !== 'text') ?? (audio === undefined ? undefined : 'audio');
  if (other !== undefined) throw unsupported(`${other} output`, vendor, USE_ANOTHER_MODEL);
  const tools = ownTools(request, vendor).map(encodeTool);
  const { instructions, input } = encodeInput(request.messages, vendor);
  const keepsReasoning = reasons(vendor, request.model, reasoning);
  const isOpenAi = vendor.name === 'openai';
  const takesEffort = !refusesEffort(vendor, request.model);
  const takesSampling = !refusesSampling(vendor, request.model, reasoning);
  const fields = {
    model: request.model,
    instructions,
    input,
    stream: request.stream,
    store: false,
    include: keepsReasoning ? ['reasoning.encrypted_content'] : undefined,
    max_output_tokens: request.maxTokens,
    temperature: takesSampling ? request.temperature : undefined,
    top_p: takesSampling ? request.topP : undefined,
    reasoning: takesEffort ? encodeReasoningParameters(request) : undefined,
    text: encodeText(responseFormat, verbosity),
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: tools.length === 0 || toolChoice === undefined ? undefined : encodeToolChoice(toolChoice),
    parallel_tool_calls: tools.length === 0 ? undefined : request.parallelToolCalls,
    service_tier: request.serviceTier,
    safety_identifier: isOpenAi ? request.user : undefined,
    user: isOpenAi ? undefined : request.user,
    // The requests of one conversation share a cache.
    prompt_cache_key: sessionId === undefined || sessionId.length > LONGEST_CACHE_KEY ? undefined : sessionId,
  };
  return {
    path: '/responses',
    body: {
      ...extraFields(request),
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    },
    dropped: [
      ...droppedParameters(request, vendor, takesSampling ? MISSING : ['temperature', 'topP', ...MISSING]),
      ...(takesEffort || reasoning === undefined ? [] : [`reasoning: ${request.model} controls its own reasoning`]),
      ...(reasoning?.maxTokens === undefined ? [] : [`reasoning.max_tokens: ${vendor.label} has no such parameter`]),
    ],
  };
}

/**
 * Requests a summary only when the request asks for reasoning: OpenAI rejects summaries for organizations that are not verified,
 * and a plain question must not fail for that reason.
 */
function encodeReasoningParameters({ reasoning }: ChatRequest): Wire | undefined {
  if (reasoning === undefined) return undefined;
  if (isOff(reasoning)) return { effort: 'none' };
  const { effort, exclude } = reasoning;
  return { ...(effort !== undefined && { effort }), ...(exclude !== true && { summary: 'auto' }) };
}

function encodeText(format: ResponseFormat | undefined, verbosity: string | undefined): Wire | undefined {
  if (format === undefined && verbosity === undefined) return undefined;
  return { ...(format !== undefined && { format: encodeTextFormat(format) }), ...(verbosity !== undefined && { verbosity }) };
}

function encodeTextFormat(format: ResponseFormat): Wire {
  if (format.type === 'json_object') return { type: format.type };
  const { type, name, description, schema, strict } = format;
  return { type, name, ...(description !== undefined && { description }), schema, strict };
}

/** `strict` is explicit: unlike in chat completions, its default is true, and then the schema must be strict as well. */
function encodeTool({ name, description, parameters, strict = false }: FunctionTool): Wire {
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    parameters: parameters ?? { type: 'object', properties: {} },
    strict,
  };
}

function encodeToolChoice(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}
