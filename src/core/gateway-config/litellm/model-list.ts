import { OrxError } from '../../../errors.ts';
import { decimal, decimalText, parseDecimal } from '../../../decimal.ts';
import { type Environment, fromEnvironment } from '../scalars.ts';
import { type Credentials, withCredential } from './credentials.ts';
import { asFields, asNonEmptyText, type ConversionNotes, type LiteLlmFields } from './notes.ts';
import { BARE_PATTERNS, type Deployment, readDeployment, vendorPrefixes, type VendorRegistry } from './vendor-names.ts';
import { anyText } from '../../../text/any-text.ts';

/** A target in the form of orx's configuration file, with the numbers by which LiteLLM shuffles. */
export interface ConvertedTarget {
  config: Record<string, unknown>;
  shuffle: { weight?: number | undefined; rpm?: number | undefined; tpm?: number | undefined };
  /** `max_budget` and `budget_duration`. */
  budget: LiteLlmFields;
  /** `model_info.enable_tag_filtering`: one entry decides for all of its name. */
  filtersTags: boolean | undefined;
}

export type ConvertedModels = Map<string, ConvertedTarget[]>;

/** The settings of an entry that orx reads. */
const READ = new Set([
  'model',
  'api_key',
  'api_base',
  'base_url',
  'custom_llm_provider',
  'rpm',
  'tpm',
  'weight',
  'order',
  'timeout',
  'stream_timeout',
  'max_retries',
  'num_retries',
  'max_parallel_requests',
  'cooldown_time',
  'tags',
  'max_budget',
  'budget_duration',
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
  // orx always omits parameters that a vendor does not accept.
  'drop_params',
]);
/** Without these, an entry cannot be served; a key stays the name of its variable. */
const VITAL = new Set(['model', 'api_key', 'api_base', 'base_url']);
/** Settings of an entry that orx replaces with something else, and with what. */
const INSTEAD_OF_PARAM: Readonly<Record<string, string>> = {
  tag_regex: 'not used; tags come from client keys (orx serve keys add --tags), headers and bodies',
};
/** Properties that do not change a request. */
const FACTS =
  /^(id|mode|base_model|description|max_(input_|output_)?tokens|supports_\w+|litellm_provider|db_model|enable_tag_filtering|created_\w+|updated_\w+|access_groups)$/;
const SERVED_MODES = new Set(['chat', 'completion', 'responses', 'embedding', undefined]);

/** Converts the entries of `model_list`, grouped by name. Throws a usage error if it is not a list of entries. */
export function convertModels(
  list: unknown,
  credentials: Credentials,
  registry: VendorRegistry,
  env: Environment,
  notes: ConversionNotes,
): ConvertedModels {
  if (!Array.isArray(list)) throw badList();
  const models: ConvertedModels = new Map();
  for (const entry of list as unknown[]) {
    const fields = asFields(entry);
    const name = asNonEmptyText(fields?.['model_name']);
    const own = asFields(fields?.['litellm_params']);
    if (fields === undefined || name === undefined || own === undefined) throw badList();
    const params = withCredential(name, own, credentials, env, notes);
    if (params === undefined) continue;
    for (const [asked, target] of convertEntry(name, params, asFields(fields['model_info']) ?? {}, registry, env, notes)) {
      const targets = models.get(asked);
      if (targets === undefined) models.set(asked, [target]);
      else targets.push(target);
    }
    for (const key of Object.keys(fields))
      if (!['model_name', 'litellm_params', 'model_info'].includes(key)) notes.add(`model_list[].${key}: not used`);
  }
  return models;
}

function convertEntry(
  name: string,
  given: LiteLlmFields,
  info: LiteLlmFields,
  registry: VendorRegistry,
  env: Environment,
  notes: ConversionNotes,
): [string, ConvertedTarget][] {
  const params = withVariables(name, given, env, notes);
  const text = (key: string): string | undefined => {
    const value = asNonEmptyText(params[key]);
    if (value === undefined) return undefined;
    const read = fromEnvironment(value, env);
    if ('value' in read) return read.value;
    notes.add(`model_list ${name}: ${read.problem}; this entry is not served`);
    return '';
  };
  const model = text('model');
  const address = text('api_base') ?? text('base_url');
  if (model === '' || address === '') return [];
  if (model === undefined) {
    notes.add(`model_list ${name}: has no litellm_params.model; this entry is not served`);
    return [];
  }
  for (const key of Object.keys(params))
    if (!READ.has(key)) notes.add(`litellm_params.${key}: ${INSTEAD_OF_PARAM[key] ?? 'not passed on'}`);
  for (const key of Object.keys(info)) if (!FACTS.test(key) && !READ.has(key)) notes.add(`model_info.${key}: not used`);
  if (!SERVED_MODES.has(asNonEmptyText(info['mode'])))
    notes.add(`model_list ${name}: orx does not serve the mode ${anyText(info['mode'])}`);
  const shuffle = { weight: asPositive(params['weight']), rpm: asPositive(params['rpm']), tpm: asPositive(params['tpm']) };
  const target = (deployment: Deployment): ConvertedTarget => ({
    config: { model: registry.idOf(deployment, address, asNonEmptyText(params['api_key'])), ...settingsOf(params, info) },
    shuffle,
    budget: present({ max_budget: params['max_budget'], budget_duration: params['budget_duration'] }),
    filtersTags: typeof info['enable_tag_filtering'] === 'boolean' ? info['enable_tag_filtering'] : undefined,
  });
  // Matches any model of any vendor: each prefix gets its own pattern, and so does each kind of name without one.
  if (model === '*')
    return [
      ...vendorPrefixes().map(([prefix, vendor]): [string, ConvertedTarget] => [`${prefix}/*`, target({ vendor, model: '*' })]),
      ...BARE_PATTERNS.map(([pattern, vendor]): [string, ConvertedTarget] => [pattern, target({ vendor, model: pattern })]),
    ];
  const deployment = readDeployment(model, asNonEmptyText(params['custom_llm_provider']), address !== undefined);
  if (typeof deployment === 'string') {
    notes.add(`model_list ${name} (${model}): ${deployment}; this entry is not served`);
    return [];
  }
  return [[name, target(deployment)]];
}

/** Replaces the names of variables by their values, except in keys, and in what the entry needs. A value whose variable is not set is left out. */
function withVariables(name: string, params: LiteLlmFields, env: Environment, notes: ConversionNotes): LiteLlmFields {
  const values = Object.entries(params).flatMap(([key, value]): [string, unknown][] => {
    if (typeof value !== 'string' || !READ.has(key) || VITAL.has(key)) return [[key, value]];
    const read = fromEnvironment(value, env);
    if ('value' in read) return [[key, read.value]];
    notes.add(`model_list ${name}: ${key} ${read.problem}; it is not used`);
    return [];
  });
  return Object.fromEntries(values);
}

function settingsOf(params: LiteLlmFields, info: LiteLlmFields): Record<string, unknown> {
  const price = (key: string): string | undefined => {
    const perToken = parseDecimal(params[key] ?? info[key]);
    return perToken === undefined ? undefined : decimalText(decimal(perToken).times(1_000_000));
  };
  const retries = params['max_retries'] ?? params['num_retries'];
  const isEmbedding = info['mode'] === 'embedding';
  return present({
    order: params['order'],
    retries: convertNumber(retries, (count) => Math.min(count, MOST_RETRIES)),
    limits: present({
      requests_per_minute: asPositive(params['rpm']),
      tokens_per_minute: asPositive(params['tpm']),
      parallel_requests: asPositive(params['max_parallel_requests']),
    }),
    tags: asTags(params['tags']),
    cooldown: cooldownOf(params['cooldown_time']),
    timeouts: present({ answer: params['timeout'], first_token: params['stream_timeout'] }),
    prices: present({
      input: price('input_cost_per_token'),
      // Embeddings have no output.
      output: price('output_cost_per_token') ?? (isEmbedding && price('input_cost_per_token') !== undefined ? '0' : undefined),
      cache_read: price('cache_read_input_token_cost'),
      cache_write: price('cache_creation_input_token_cost'),
    }),
  });
}

/** Returns undefined for no tags. */
function asTags(given: unknown): unknown {
  return Array.isArray(given) && given.length === 0 ? undefined : given;
}

/** As in LiteLLM, 0 means that the deployment never pauses. */
function cooldownOf(seconds: unknown): LiteLlmFields {
  if (convertNumber(seconds, (number) => number) === 0) return { enabled: false };
  return present({ pause: seconds, longest_pause: seconds });
}

/** The highest number that orx accepts. */
export const MOST_RETRIES = 10;

/** Converts a number, or its text; other values stay, so that orx reports them. */
export function convertNumber(value: unknown, convert: (number: number) => number): unknown {
  const text = typeof value === 'string' ? value.trim() : undefined;
  const number = text === undefined || text === '' ? value : Number(text);
  return typeof number === 'number' && Number.isFinite(number) ? convert(number) : value;
}

/** Removes absent and empty values. */
export function present(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => {
      const fields = asFields(value);
      return value !== undefined && value !== null && (fields === undefined || Object.keys(fields).length > 0);
    }),
  );
}

function asPositive(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : undefined;
}

function badList(): OrxError {
  return new OrxError('model_list must be a list of entries with model_name and litellm_params', {
    kind: 'usage',
    code: 'bad-config',
  });
}
