import { usageError } from '../../errors.ts';
import { REMOVE_OR_ANOTHER_MODEL, USE_ANOTHER_MODEL } from '../../hints.ts';
import type { ChatRequest } from '../completion.ts';
import type { EncodedCompletion } from '../dialect.ts';
import type { FunctionTool, ResponseFormat } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { droppedParameters, extraFields, ownTools, unsupported } from '../wire/direct-request.ts';
import { asObject } from '../wire/wire-value.ts';
import { limitMarkers } from './cache-markers.ts';
import { isWhiteSpace } from './encode-content.ts';
import { encodeConversation, endsInAnswer, hasUnreasonedCalls, type WireConversation } from './encode-messages.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeSampling } from './encode-sampling.ts';
import { demandsCall, encodeTools, type ToolWishes } from './encode-tools.ts';
import { type ClaudeFacts, claudeFacts } from './claude-facts.ts';
import { ANTHROPIC_VERSION, JSON_TOOL } from './names.ts';
import { fitsStrictOutput, strictSchema } from './strict-schema.ts';

type Wire = Record<string, unknown>;

const MISSING = [
  'minP',
  'topA',
  'frequencyPenalty',
  'presencePenalty',
  'repetitionPenalty',
  'seed',
  'logitBias',
  'imageConfig',
  'maxToolCalls',
  'transforms',
  'metadata',
] as const;
/** Fields of chat completions that request something in addition to the answer. */
const MISSING_EXTRAS = ['logprobs', 'top_logprobs', 'stream_options', 'include_reasoning'];
const JSON_INSTRUCTION = 'Answer with one JSON object, and with nothing before or after it.';

/** Encodes a request of the Messages API. It always requests a stream, because the API breaks off long answers without one. */
export function encodeMessageRequest(request: ChatRequest, vendor: Vendor): EncodedCompletion {
  const { model } = request;
  const facts = claudeFacts(model);
  refuseOtherForms(request, vendor);
  const conversation = encodeConversation(request.messages, vendor);
  const isPrefilled = endsInAnswer(conversation);
  if (isPrefilled && !facts.takesPrefill) {
    throw usageError(`${model} cannot continue a partial response`, {
      shell: 'end with a user message, or use another model: -m MODEL',
      session: 'use another model: /model MODEL',
    });
  }
  const form = encodeForm(request.responseFormat, facts);
  if (form.instruction !== undefined) conversation.system.push({ type: 'text', text: form.instruction });
  const wishes = toolWishes(request, vendor, form.tool);
  const maxTokens = Math.min(request.maxTokens ?? facts.defaultMaxTokens, facts.maxOutput ?? Infinity);
  const scene = {
    maxTokens,
    demandsCall: demandsCall(wishes),
    endsInAnswer: isPrefilled,
    hasUnreasonedCalls: hasUnreasonedCalls(conversation),
  };
  const { thinking, effort, dropped: noReasoning } = encodeReasoning(request, facts, scene);
  const isReasoning = thinking !== undefined && thinking['type'] !== 'disabled';
  const { dropped: noSampling, ...sampling } = encodeSampling(request, facts, { model, isReasoning });
  const { serviceTier, dropped: noTier } = encodeTier(request.serviceTier, vendor);
  const stops = (request.stop ?? []).filter((text) => !isWhiteSpace(text));
  const outputConfig = present({ effort, format: form.format });
  const body = present({
    ...extraFields(request),
    ...Object.fromEntries(MISSING_EXTRAS.map((name) => [name, undefined])),
    model,
    max_tokens: maxTokens,
    system: conversation.system.length === 0 ? undefined : conversation.system,
    messages: conversation.messages,
    ...encodeTools(wishes, facts),
    thinking,
    output_config: Object.keys(outputConfig).length === 0 ? undefined : outputConfig,
    ...sampling,
    stop_sequences: stops.length === 0 ? undefined : stops,
    cache_control: request.cacheControl,
    metadata: request.user === undefined ? undefined : { user_id: request.user },
    service_tier: serviceTier,
    stream: true,
  });
  const dropped = [
    ...droppedParameters(request, vendor, MISSING),
    ...MISSING_EXTRAS.filter((name) => (request.extra?.[name] ?? undefined) !== undefined).map(
      (name) => `${name}: ${vendor.label} has no such parameter`,
    ),
    ...form.dropped,
    ...noReasoning,
    ...noSampling,
    ...droppedLimits(request, maxTokens),
    ...droppedTools(wishes, facts, model),
    ...noTier,
    ...droppedMarkers(conversation, request),
  ];
  refuseDropped(request, dropped, vendor);
  return { path: '/messages', headers: { 'anthropic-version': ANTHROPIC_VERSION }, body, dropped };
}

function refuseOtherForms({ modalities = [], audio }: ChatRequest, vendor: Vendor): void {
  const other = modalities.find((one) => one !== 'text') ?? (audio === undefined ? undefined : 'audio');
  if (other !== undefined) throw unsupported(`${other} output`, vendor, USE_ANOTHER_MODEL);
}

/** Omits absent fields, so that the API's defaults apply. */
function present(wire: Wire): Wire {
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined));
}

interface AnswerForm {
  format?: Wire | undefined;
  tool?: FunctionTool | undefined;
  instruction?: string | undefined;
  dropped: readonly string[];
}

/**
 * If the model has no structured output, or it cannot express the schema, the model must call a tool whose input is the answer.
 */
function encodeForm(format: ResponseFormat | undefined, facts: ClaudeFacts): AnswerForm {
  if (format === undefined) return { dropped: [] };
  if (format.type === 'json_object')
    return { instruction: JSON_INSTRUCTION, dropped: ['JSON mode: the model is asked for a JSON object instead'] };
  const { schema, description = 'The answer.' } = format;
  const isNative = facts.hasStructuredOutput && (fitsStrictOutput(schema) || !facts.takesForcedTools);
  return isNative
    ? { format: { type: 'json_schema', schema: strictSchema(schema) }, dropped: [] }
    : { tool: { type: 'function', name: JSON_TOOL, description, parameters: schema }, dropped: [] };
}

function toolWishes(request: ChatRequest, vendor: Vendor, answerTool: FunctionTool | undefined): ToolWishes {
  const tools = ownTools(request, vendor);
  if (answerTool !== undefined && tools.some(({ name }) => name === answerTool.name)) {
    throw usageError(`a tool named ${answerTool.name} cannot be combined with a response schema`, {
      shell: 'rename the tool, or use another model: -m MODEL',
      session: 'use another model: /model MODEL',
    });
  }
  return { tools, choice: request.toolChoice, isParallel: request.parallelToolCalls, answerTool };
}

function encodeTier(tier: string | undefined, { label }: Vendor): { serviceTier?: string; dropped: readonly string[] } {
  switch (tier) {
    case undefined:
      return { dropped: [] };
    case 'auto':
    case 'priority':
      return { serviceTier: 'auto', dropped: [] };
    case 'default':
    case 'standard_only':
      return { serviceTier: 'standard_only', dropped: [] };
    default:
      return { dropped: [`service tier ${tier}: ${label} has none of that name`] };
  }
}

function droppedLimits({ maxTokens, stop = [], model }: ChatRequest, sent: number): readonly string[] {
  return [
    ...(maxTokens !== undefined && maxTokens > sent ? [`max_tokens ${maxTokens}: ${model} gives ${sent} at most`] : []),
    ...(stop.some(isWhiteSpace) ? ['stop: a text of white space alone'] : []),
  ];
}

function droppedTools(wishes: ToolWishes, facts: ClaudeFacts, model: string): readonly string[] {
  return [
    ...(wishes.answerTool === undefined && demandsCall(wishes) && !facts.takesForcedTools
      ? [`required tool call: ${model} decides itself whether it calls a tool`]
      : []),
    ...(!facts.hasStructuredOutput && wishes.tools.some(({ strict }) => strict === true)
      ? [`strict tools: ${model} does not have them`]
      : []),
  ];
}

function droppedMarkers({ system, messages }: WireConversation, { cacheControl }: ChatRequest): readonly string[] {
  const blocks = [...system, ...messages.flatMap(({ content }) => content)];
  return limitMarkers(blocks, cacheControl === undefined ? 0 : 1)
    ? ['cache markers: four at most, the first and the last are sent']
    : [];
}

/** Throws if something is dropped and the request requires all of its parameters. */
function refuseDropped({ extra }: ChatRequest, dropped: readonly string[], { label }: Vendor): void {
  const [first] = dropped;
  if (first === undefined || asObject(extra?.['provider'])?.['require_parameters'] !== true) return;
  throw usageError(`${label} does not support this request (${first})`, REMOVE_OR_ANOTHER_MODEL);
}
