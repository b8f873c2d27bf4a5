import type {
  ReasoningParameters,
  RequestParameters,
  ResponseFormat,
  ToolChoice,
  ToolDefinition,
} from '../../../apis/request-parameters.ts';
import { badRequest } from '../../bad-request.ts';
import { isObject, type Wire } from './parse-messages.ts';

type Read = (value: unknown, name: string) => unknown;

const number: Read = (value, name) => expect(typeof value === 'number', value, `${name} is not a number`);
const text: Read = (value, name) => expect(typeof value === 'string', value, `${name} is not a string`);
const flag: Read = (value, name) => expect(typeof value === 'boolean', value, `${name} is not true or false`);
const object: Read = (value, name) => expect(isObject(value), value, `${name} is not an object`);
const texts: Read = (value, name) => {
  const list = typeof value === 'string' ? [value] : value;
  return expect(Array.isArray(list) && list.every((one) => typeof one === 'string'), list, `${name} is not a list of strings`);
};

/** The fields of a chat completion, with the parameter and the parser of each. */
const FIELDS = {
  top_p: ['topP', number],
  top_k: ['topK', number],
  min_p: ['minP', number],
  top_a: ['topA', number],
  frequency_penalty: ['frequencyPenalty', number],
  presence_penalty: ['presencePenalty', number],
  repetition_penalty: ['repetitionPenalty', number],
  seed: ['seed', number],
  stop: ['stop', texts],
  logit_bias: ['logitBias', object],
  verbosity: ['verbosity', text],
  modalities: ['modalities', texts],
  image_config: ['imageConfig', object],
  parallel_tool_calls: ['parallelToolCalls', flag],
  service_tier: ['serviceTier', text],
  metadata: ['metadata', object],
  user: ['user', text],
  cache_control: ['cacheControl', object],
  reasoning: ['reasoning', parseReasoning],
  reasoning_effort: ['reasoning', (value, name) => ({ effort: text(value, name) })],
  response_format: ['responseFormat', parseFormat],
  tools: ['tools', parseTools],
  tool_choice: ['toolChoice', parseToolChoice],
} as const satisfies Record<string, readonly [keyof RequestParameters, Read]>;

/**
 * Separates the fields of a chat completion into parameters, which a vendor may name differently, and the rest. null counts as
 * absent. Throws status 400 for an invalid value.
 */
export function parseParameters(fields: Wire): { parameters: RequestParameters; rest: Wire } {
  const parameters: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS] : undefined;
    if (field === undefined) rest[name] = value;
    // The more detailed `reasoning` takes precedence over `reasoning_effort`.
    else if (value !== null && !(name === 'reasoning_effort' && isObject(fields['reasoning'])))
      parameters[field[0]] = field[1](value, name);
  }
  return { parameters, rest };
}

function parseReasoning(value: unknown, name: string): ReasoningParameters {
  const { effort, max_tokens: maxTokens, exclude, enabled } = object(value, name) as Wire;
  return {
    ...(typeof effort === 'string' && { effort }),
    ...(typeof maxTokens === 'number' && { maxTokens }),
    ...(typeof exclude === 'boolean' && { exclude }),
    ...(typeof enabled === 'boolean' && { enabled }),
  };
}

/** Returns undefined for plain text, which is the default. */
function parseFormat(value: unknown, name: string): ResponseFormat | undefined {
  const format = object(value, name) as Wire;
  switch (format['type']) {
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json_object' };
    case 'json_schema': {
      const { name: label, description, schema, strict } = object(format['json_schema'], `${name}.json_schema`) as Wire;
      return {
        type: 'json_schema',
        name: typeof label === 'string' ? label : 'answer',
        ...(typeof description === 'string' && { description }),
        schema: object(schema, `${name}.json_schema.schema`) as Wire,
        strict: strict === true,
      };
    }
    default:
      throw badRequest(`${name}.type must be one of text, json_object, json_schema`);
  }
}

function parseTools(value: unknown, name: string): readonly ToolDefinition[] {
  if (!Array.isArray(value)) throw badRequest(`${name} must be a list`);
  return value.map((item, index): ToolDefinition => {
    const tool = object(item, `${name}[${index}]`) as Wire;
    const { type } = tool;
    if (typeof type === 'string' && type.startsWith('openrouter:')) {
      return { type: type as `openrouter:${string}`, ...(isObject(tool['parameters']) && { parameters: tool['parameters'] }) };
    }
    if (type !== 'function') throw badRequest(`${name}[${index}].type must be function`);
    const called = object(tool['function'], `${name}[${index}].function`) as Wire;
    const { name: label, description, parameters, strict } = called;
    return {
      type: 'function',
      name: text(label, `${name}[${index}].function.name`) as string,
      ...(typeof description === 'string' && { description }),
      ...(isObject(parameters) && { parameters }),
      ...(typeof strict === 'boolean' && { strict }),
    };
  });
}

function parseToolChoice(value: unknown, name: string): ToolChoice {
  if (value === 'none' || value === 'auto' || value === 'required') return value;
  const called = isObject(value) && isObject(value['function']) ? value['function']['name'] : undefined;
  if (typeof called === 'string') return { name: called };
  throw badRequest(`${name} must be none, auto, required or a function`);
}

function expect(fits: boolean, value: unknown, complaint: string): unknown {
  if (!fits) throw badRequest(complaint);
  return value;
}
