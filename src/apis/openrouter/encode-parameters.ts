import type {
  ReasoningParameters,
  RequestParameters,
  ResponseFormat,
  ToolDefinition,
  ToolChoice,
} from '../request-parameters.ts';

type Wire = Record<string, unknown>;

/** Encodes the parameters with the API's names, in a fixed order. Absent ones are undefined. */
export function encodeParameters(parameters: RequestParameters): Wire {
  const { reasoning, responseFormat, tools, toolChoice } = parameters;
  return {
    temperature: parameters.temperature,
    max_tokens: parameters.maxTokens,
    top_p: parameters.topP,
    top_k: parameters.topK,
    min_p: parameters.minP,
    top_a: parameters.topA,
    frequency_penalty: parameters.frequencyPenalty,
    presence_penalty: parameters.presencePenalty,
    repetition_penalty: parameters.repetitionPenalty,
    seed: parameters.seed,
    stop: parameters.stop,
    logit_bias: parameters.logitBias,
    reasoning: reasoning === undefined ? undefined : encodeReasoning(reasoning),
    verbosity: parameters.verbosity,
    modalities: parameters.modalities,
    image_config: parameters.imageConfig,
    audio: parameters.audio,
    response_format: responseFormat === undefined ? undefined : encodeFormat(responseFormat),
    tools: tools === undefined || tools.length === 0 ? undefined : tools.map(encodeTool),
    tool_choice: toolChoice === undefined ? undefined : encodeToolChoice(toolChoice),
    parallel_tool_calls: parameters.parallelToolCalls,
    max_tool_calls: parameters.maxToolCalls,
    plugins: parameters.plugins,
    session_id: parameters.sessionId,
    cache_control: parameters.cacheControl,
    service_tier: parameters.serviceTier,
    transforms: parameters.transforms,
    metadata: parameters.metadata,
    user: parameters.user,
  };
}

function encodeReasoning({ effort, maxTokens, exclude, enabled }: ReasoningParameters): Wire {
  return { effort, max_tokens: maxTokens, exclude, enabled };
}

function encodeFormat(format: ResponseFormat): Wire {
  if (format.type === 'json_object') return { type: format.type };
  const { type, name, description, schema, strict } = format;
  return { type, json_schema: { name, description, strict, schema } };
}

function encodeTool(tool: ToolDefinition): Wire {
  if (tool.type !== 'function') return { type: tool.type, parameters: tool.parameters };
  const { type, name, description, parameters, strict } = tool;
  return { type, function: { name, description, parameters, strict } };
}

function encodeToolChoice(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
