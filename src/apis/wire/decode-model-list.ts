import { type Decimal, decimal, parseDecimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import type { UnitPrices } from '../catalogue.ts';
import type { ListedModel } from '../dialect.ts';
import { asBoolean, asCount, asNumber, asObject, asText, type WireObject } from './wire-value.ts';

/** Names of models without chat, for lists that do not state what models do. */
const NO_CHAT =
  /(^|[-/_.])(embed(ding)?s?|bge|tts|whisper|dall-e|moderation|transcribe|realtime|image|sora|rerank(er)?|prompt-guard|orpheus|ocr|davinci-\d+|babbage-\d+)([-/_.:\d]|$)|^gpt-3\.5-turbo-instruct/i;
/** Kinds of models with chat, for lists that have kinds. */
const CHAT_KINDS: ReadonlySet<string> = new Set(['chat', 'language', 'code', 'base', 'fine-tuned', 'model', 'llm', 'vlm']);
const MILLION = 1_000_000;

/**
 * Returns the models of a `/models` reply that support chat, without duplicates. Hosts agree only on `id`; other fields are read
 * from any of the places where hosts put them. Throws OrxError for a body that is not a list.
 */
export function decodeOpenAiModels(body: string): readonly ListedModel[] {
  const models = new Map<string, ListedModel>();
  for (const item of listOf(body)) {
    const wire = asObject(item);
    const id = asText(wire?.['id']) ?? asText(wire?.['name']);
    if (wire === undefined || id === undefined || models.has(id) || !chats(wire, id)) continue;
    models.set(id, decodeModel(wire, id));
  }
  return [...models.values()];
}

function listOf(body: string): readonly unknown[] {
  const value = parse(body);
  if (Array.isArray(value)) return value;
  const wire = asObject(value);
  for (const name of ['data', 'models']) if (Array.isArray(wire?.[name])) return wire[name];
  throw new OrxError('the response is not a list of models', {
    kind: 'network',
    code: 'not-the-api',
    hints: ['check the base URL of the vendor, with its path: orx vendors list'],
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function chats(wire: WireObject, id: string): boolean {
  if (wire['active'] === false || wire['supports_chat'] === false || wire['archived'] === true) return false;
  const can = asBoolean(asObject(wire['capabilities'])?.['completion_chat']) ?? asBoolean(wire['supports_chat']);
  if (can !== undefined) return can;
  const kind = asText(wire['type']);
  return kind === undefined ? !NO_CHAT.test(id) : CHAT_KINDS.has(kind.toLowerCase());
}

function decodeModel(wire: WireObject, id: string): ListedModel {
  const name = asText(wire['display_name']) ?? asText(wire['name']);
  const meta = asObject(wire['meta']);
  const context = [
    wire['context_length'],
    wire['context_window'],
    wire['max_context_length'],
    wire['max_model_len'],
    wire['max_input_tokens'],
    meta?.['n_ctx'],
    meta?.['n_ctx_train'],
  ];
  const output = [wire['max_completion_tokens'], wire['max_output_tokens'], wire['max_output_length']];
  const prices = decodePrices(asObject(wire['pricing']), id);
  const [inputModalities, outputModalities] = [modalitiesIn(wire), textsOf(wire['output_modalities'])];
  const supportedParameters = parametersOf(wire);
  return {
    id,
    ...(name !== undefined && name !== id && { name }),
    ...present('description', asText(wire['description'])),
    ...present('created', positive(asNumber(wire['created']))),
    ...present('contextLength', firstCount(context)),
    ...present('maxCompletionTokens', firstCount(output)),
    ...present('inputModalities', inputModalities),
    ...present('outputModalities', outputModalities),
    ...present('supportedParameters', supportedParameters),
    ...present('prices', prices),
  };
}

function present<Key extends keyof ListedModel>(key: Key, value: ListedModel[Key]): Partial<ListedModel> {
  return value === undefined ? {} : { [key]: value };
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

function firstCount(values: readonly unknown[]): number | undefined {
  return values.map((value) => positive(asCount(value))).find((count) => count !== undefined);
}

/** Returns undefined when the list does not state them. */
function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string' && item !== '');
  return texts.length === 0 ? undefined : texts;
}

function modalitiesIn(wire: WireObject): readonly string[] | undefined {
  const listed = textsOf(wire['input_modalities']);
  if (listed !== undefined) return listed;
  const capabilities = asObject(wire['capabilities']);
  const sees = asBoolean(capabilities?.['vision']) ?? asBoolean(wire['supports_image_input']);
  if (sees === undefined) return wire['type'] === 'vlm' ? ['text', 'image'] : undefined;
  return ['text', ...(sees ? ['image'] : []), ...(capabilities?.['audio'] === true ? ['audio'] : [])];
}

function parametersOf(wire: WireObject): readonly string[] | undefined {
  const listed = textsOf(wire['supported_parameters']);
  if (listed !== undefined) return listed;
  const capabilities = asObject(wire['capabilities']);
  const calls = asBoolean(capabilities?.['function_calling']) ?? asBoolean(wire['supports_tools']);
  const reasons = asBoolean(capabilities?.['reasoning']);
  if (calls === undefined && reasons === undefined) return undefined;
  return [...(calls === true ? ['tools', 'tool_choice'] : []), ...(reasons === true ? ['reasoning'] : [])];
}

/**
 * Together states USD per million tokens as `input` and `output`; others state USD per token as `prompt` and `completion`. Two
 * zeros are not a price: Together uses them for models that are billed by the hour.
 */
function decodePrices(wire: WireObject | undefined, id: string): UnitPrices | undefined {
  if (wire === undefined) return undefined;
  const isPerMillion = wire['input'] !== undefined || wire['output'] !== undefined;
  const read = (value: unknown): Decimal | undefined => {
    const price = parseDecimal(value);
    if (price === undefined || price.lt(0)) return undefined;
    return isPerMillion ? price.div(MILLION) : price;
  };
  const prompt = read(isPerMillion ? wire['input'] : wire['prompt']);
  const completion = read(isPerMillion ? wire['output'] : wire['completion']);
  if (prompt === undefined || completion === undefined) return undefined;
  if (prompt.eq(decimal(0)) && completion.eq(decimal(0)) && !/\bfree\b/i.test(id)) return undefined;
  const cacheRead = read(isPerMillion ? wire['cached_input'] : wire['input_cache_read']);
  return { prompt, completion, ...(cacheRead !== undefined && cacheRead.gt(0) && { cacheRead }) };
}
