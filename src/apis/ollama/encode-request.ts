import type { ChatRequest } from '../completion.ts';
import type { EncodedCompletion } from '../dialect.ts';
import type { FunctionTool, ResponseFormat, ToolChoice } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { droppedParameters, extraFields, type OptionalParameter, ownTools, unsupported } from '../wire/direct-request.ts';
import { asObject } from '../wire/wire-value.ts';
import { contextSize } from './context-size.ts';
import { encodeOllamaMessages, type OllamaMessage } from './encode-messages.ts';
import { encodeThink } from './encode-think.ts';

const MISSING: readonly OptionalParameter[] = [
  'topA',
  'logitBias',
  'verbosity',
  'imageConfig',
  'parallelToolCalls',
  'maxToolCalls',
  'cacheControl',
  'serviceTier',
  'transforms',
  'metadata',
  'user',
];

type Wire = Record<string, unknown>;

/**
 * Encodes a request of `/api/chat`. It always requests a stream, so that a slow model is not mistaken for a dead one. The server
 * decides how long the model stays loaded.
 */
export function encodeOllamaRequest(request: ChatRequest, vendor: Vendor): EncodedCompletion {
  const { model, toolChoice, responseFormat } = request;
  refuseMedia(request, vendor);
  const offered = offeredTools(ownTools(request, vendor), toolChoice);
  const tools = offered.map(encodeTool);
  const messages = encodeOllamaMessages(request.messages, vendor);
  const { think, dropped } = encodeThink(request, vendor);
  const extra = extraFields(request);
  const size = contextSize({ ...promptSize(messages, tools), maxTokens: request.maxTokens });
  const options = { ...withoutUndefined(encodeOptions(request, size)), ...asObject(extra['options']) };
  return {
    path: '/chat',
    body: {
      ...extra,
      ...withoutUndefined({
        model,
        messages,
        stream: true,
        tools: tools.length === 0 ? undefined : tools,
        think,
        format: responseFormat === undefined ? undefined : encodeOllamaFormat(responseFormat),
        options: Object.keys(options).length === 0 ? undefined : options,
      }),
      // See context-size.ts. A small request sets nothing, so that a loaded model stays loaded.
      ...(size !== undefined && { truncate: false, shift: false, ...pick(extra, ['truncate', 'shift']) }),
    },
    dropped: [
      ...droppedParameters(request, vendor, MISSING),
      ...dropped,
      ...(demandsCall(toolChoice) ? [`tool_choice: ${vendor.label} leaves it to the model whether it calls a tool`] : []),
    ],
  };
}

function refuseMedia({ modalities = [], audio }: ChatRequest, vendor: Vendor): void {
  const other = modalities.find((one) => one !== 'text') ?? (audio === undefined ? undefined : 'audio');
  if (other !== undefined) throw unsupported(`${other} output`, vendor);
}

function demandsCall(choice: ToolChoice | undefined): boolean {
  return choice === 'required' || typeof choice === 'object';
}

/** Returns the tools to offer. Ollama has no tool choice, so orx offers only the allowed tools. */
function offeredTools(tools: readonly FunctionTool[], choice: ToolChoice | undefined): readonly FunctionTool[] {
  if (choice === 'none') return [];
  return typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools;
}

function encodeTool({ name, description, parameters = { type: 'object', properties: {} } }: FunctionTool): Wire {
  return { type: 'function', function: withoutUndefined({ name, description, parameters }) };
}

function encodeOllamaFormat(format: ResponseFormat): unknown {
  return format.type === 'json_object' ? 'json' : format.schema;
}

function encodeOptions(request: ChatRequest, size: number | undefined): Wire {
  return {
    num_ctx: size,
    num_predict: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    min_p: request.minP,
    seed: request.seed,
    stop: request.stop === undefined || request.stop.length === 0 ? undefined : request.stop,
    repeat_penalty: request.repetitionPenalty,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
  };
}

function promptSize(
  messages: readonly OllamaMessage[],
  tools: readonly Wire[],
): { bytes: number; images: number; messages: number } {
  let bytes = tools.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(tools));
  let images = 0;
  for (const { content, thinking = '', images: own = [], tool_calls: calls = [] } of messages) {
    bytes += Buffer.byteLength(content) + Buffer.byteLength(thinking);
    if (calls.length > 0) bytes += Buffer.byteLength(JSON.stringify(calls));
    images += own.length;
  }
  return { bytes, images, messages: messages.length };
}

function pick(fields: Wire, names: readonly string[]): Wire {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

function withoutUndefined(fields: Wire): Wire {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
