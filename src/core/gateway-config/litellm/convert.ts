import { type Environment, fromEnvironment } from '../scalars.ts';
import { convertNumber, convertModels, type ConvertedModels, type ConvertedTarget, MOST_RETRIES, present } from './model-list.ts';
import { asFields, asNonEmptyText, ConversionNotes, type LiteLlmFields } from './notes.ts';
import { readCredentials } from './credentials.ts';
import { attemptsFor, convertAllowedFails, convertGroupPolicies, convertRetryPolicy } from './failure-policies.ts';
import { convertBudgets, convertCache } from './service.ts';
import { convertTagFilters } from './tag-filters.ts';
import { VendorRegistry } from './vendor-names.ts';
import { DEFAULT_RETRIES } from '../../routing/target.ts';
import { anyText } from '../../../text/any-text.ts';

/** A LiteLLM file converted to orx's own format. */
export interface ConvertedFile {
  config: LiteLlmFields;
  /** Parts of the file that orx does not support, one line each. */
  notes: readonly string[];
  /** Variables that the file itself sets. */
  environment: Readonly<Record<string, string>>;
}

const STRATEGIES: Readonly<Record<string, string>> = {
  'simple-shuffle': 'weight',
  'least-busy': 'least-busy',
  'latency-based-routing': 'latency',
  'usage-based-routing': 'usage',
  'usage-based-routing-v2': 'usage',
  'cost-based-routing': 'cost',
  // Its budgets are applied with any strategy.
  'provider-budget-routing': 'weight',
};
/** LiteLLM settings that orx replaces with something else, and with what. */
const INSTEAD: Readonly<Record<string, string>> = {
  'general_settings.database_url': 'orx keeps its own ledger; it needs no database',
  'general_settings.database_connection_pool_limit': 'orx keeps its own ledger; it needs no database',
  'general_settings.store_model_in_db': 'the file alone is the configuration',
  'litellm_settings.timezone': 'budgets follow the time zone of the process (TZ)',
  'general_settings.max_parallel_requests': 'limits belong to a target or to a client key: orx serve keys add',
};
/** Settings whose behavior is fixed in orx, whatever their value. */
const ALWAYS = new Set([
  'litellm_settings.drop_params',
  'litellm_settings.telemetry',
  'litellm_settings.turn_off_message_logging',
  'router_settings.enable_pre_call_checks',
]);

/** Sections that have been read before the settings. */
const OTHER_SECTIONS = new Set(['model_list', 'credential_list', 'environment_variables']);

/** Converts a parsed LiteLLM file. Throws a usage error if `model_list` cannot be read. */
export function convertLiteLlm(file: unknown, env: Environment): ConvertedFile {
  const notes = new ConversionNotes();
  const sections = asFields(file) ?? {};
  const environment = texts(asFields(sections['environment_variables']) ?? {});
  const variables = { ...env, ...environment };
  const registry = new VendorRegistry(environment);
  const credentials = readCredentials(sections['credential_list'], notes);
  const models = convertModels(sections['model_list'] ?? [], credentials, registry, variables, notes);
  const reader = new SettingsReader(sections, variables, notes);
  const { router, general } = reader;
  const lists = {
    fallbacks: reader.lists('fallbacks', models),
    context_fallbacks: reader.lists('context_window_fallbacks', models),
    policy_fallbacks: reader.lists('content_policy_fallbacks', models),
  };
  const strategy = reader.strategy();
  const timeout = reader.take('timeout', 'request_timeout');
  const failures = reader.take('allowed_fails');
  const pause = reader.take('cooldown_time');
  const isPausing = reader.take('disable_cooldowns') !== true;
  const retryPolicy = convertRetryPolicy('retry_policy', reader.take('retry_policy'), variables, notes);
  const groupPolicies = convertGroupPolicies(
    reader.take('model_group_retry_policy'),
    (name) => models.has(name),
    variables,
    notes,
  );
  const isFiltering = reader.take('enable_tag_filtering') === true;
  const tagFilters = convertTagFilters(isFiltering, reader.take('tag_filtering_match_any') !== false, models, notes);
  const allowedFails = convertAllowedFails('allowed_fails_policy', reader.take('allowed_fails_policy'), variables, notes);
  const cache = convertCache(reader.take('cache'), reader.take('cache_params'), notes);
  const budgets = convertBudgets(
    {
      total: { max_budget: reader.take('max_budget'), budget_duration: reader.take('budget_duration') },
      vendors: reader.take('provider_budget_config'),
      tags: reader.take('tag_budget_config'),
      models,
    },
    notes,
  );
  const hasJsonLog = reader.take('json_logs') === true;
  const masterKey = reader.secret(general, 'general_settings', 'master_key');
  const config = present({
    models: Object.fromEntries(
      [...models].map(([name, targets]) => [
        name,
        present({
          targets: weighted(targets),
          fallbacks: lists.fallbacks.get(name),
          context_fallbacks: lists.context_fallbacks.get(name),
          policy_fallbacks: lists.policy_fallbacks.get(name),
          retries_by_kind: groupPolicies.get(name),
          tag_filter: tagFilters.own.get(name),
        }),
      ]),
    ),
    aliases: reader.aliases(router['model_group_alias'], models),
    vendors: registry.vendors,
    routing: present({
      strategy,
      retries: convertNumber(reader.take('num_retries'), (count) => Math.min(count, MOST_RETRIES)),
      retries_by_kind: retryPolicy,
      attempts: attemptsFor([retryPolicy, ...groupPolicies.values()], DEFAULT_RETRIES.attempts),
      fallbacks: lists.fallbacks.get('*') ?? reader.names('default_fallbacks', models),
      tag_filter: tagFilters.general,
      tag_prefix: reader.take('tag_routing_prefix'),
      unlisted_models: false,
    }),
    timeouts: present({ answer: timeout, first_token: reader.take('stream_timeout') }),
    cooldown: present({
      enabled: isPausing ? undefined : false,
      pause,
      longest_pause: pause,
      failures: convertNumber(failures, (count) => count + 1),
      failures_by_kind: allowedFails,
    }),
    master_key: masterKey,
    log: hasJsonLog ? { format: 'json' } : undefined,
    cache: cache && present(cache),
    budgets: budgets.length === 0 ? undefined : budgets,
  });
  reader.noteRest();
  return { config, notes: notes.lines, environment };
}

/** Adds weights as LiteLLM shuffles: by weight, or else by rpm, or else by tpm; the first of these that any target of the name has. */
function weighted(targets: readonly ConvertedTarget[]): LiteLlmFields[] {
  const by = (['weight', 'rpm', 'tpm'] as const).find((name) => targets.some(({ shuffle }) => shuffle[name] !== undefined));
  return targets.map(({ config, shuffle }) =>
    by === undefined || targets.length === 1 ? config : { ...config, weight: shuffle[by] ?? 0 },
  );
}

/** Reads the settings of all sections and remembers which ones it has read. */
class SettingsReader {
  readonly router: LiteLlmFields;
  readonly general: LiteLlmFields;
  readonly #sections: LiteLlmFields;
  readonly #litellm: LiteLlmFields;
  readonly #env: Environment;
  readonly #notes: ConversionNotes;
  readonly #read = new Set<string>(['model_group_alias', 'routing_strategy', 'master_key']);

  constructor(sections: LiteLlmFields, env: Environment, notes: ConversionNotes) {
    this.#sections = sections;
    this.router = asFields(sections['router_settings']) ?? {};
    this.#litellm = asFields(sections['litellm_settings']) ?? {};
    this.general = asFields(sections['general_settings']) ?? {};
    this.#env = env;
    this.#notes = notes;
  }

  /** Returns the first of these settings that a section contains. */
  take(...names: readonly string[]): unknown {
    for (const name of names) this.#read.add(name);
    const found = names
      .map((name) => this.router[name] ?? this.#litellm[name] ?? this.general[name])
      .find((value) => value !== undefined && value !== null);
    if (typeof found !== 'string') return found;
    const read = fromEnvironment(found, this.#env);
    return 'value' in read ? read.value : undefined;
  }

  strategy(): string {
    const given = this.router['routing_strategy'] ?? this.general['routing_strategy'];
    if (given === undefined || given === null) return 'weight';
    const strategy = STRATEGIES[anyText(given)];
    if (strategy === undefined)
      this.#notes.add(`router_settings.routing_strategy: ${anyText(given)} is not known; simple-shuffle is used`);
    return strategy ?? 'weight';
  }

  /** Reads `[{name: [others]}]` from the router section or the module section. */
  lists(name: string, models: ConvertedModels): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    const given = this.take(name);
    const maps = (Array.isArray(given) ? given : given === undefined ? [] : [given]) as unknown[];
    for (const one of maps) {
      const fields = asFields(one);
      if (fields === undefined) this.#notes.add(`${name}: an item is not a model with a list; it is not used`);
      for (const [model, list] of Object.entries(fields ?? {})) {
        const served = this.#served(`${name} of ${model}`, list, models);
        if (model !== '*' && !isServed(model, models)) this.#notes.add(`${name} of ${model}: ${model} is not served`);
        else if (served.length > 0) found.set(model, served);
      }
    }
    return found;
  }

  names(name: string, models: ConvertedModels): readonly string[] | undefined {
    const given = this.take(name);
    return given === undefined ? undefined : this.#served(name, given, models);
  }

  aliases(given: unknown, models: ConvertedModels): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [alias, value] of Object.entries(asFields(given) ?? {})) {
      const name = asNonEmptyText(value) ?? asNonEmptyText(asFields(value)?.['model']);
      if (name === undefined) this.#notes.add(`model_group_alias.${alias}: is not the name of a model; it is not used`);
      else if (!isServed(name, models)) this.#notes.add(`model_group_alias.${alias}: ${name} is not served`);
      else found[alias] = name;
    }
    return found;
  }

  /** Returns a key in the form of orx's configuration file. */
  secret(section: LiteLlmFields, path: string, name: string): string | undefined {
    const given = asNonEmptyText(section[name] ?? this.#litellm[name]);
    const [, variable] = /^os\.environ\/(.+)$/.exec(given ?? '') ?? [];
    if (variable === undefined) return given;
    const value = this.#env[variable];
    if (value === undefined || value === '') this.#notes.add(`${path}.${name}: the environment variable ${variable} is not set`);
    return `env:${variable}`;
  }

  /** Adds a note for every setting that was not read. */
  noteRest(): void {
    for (const [section, settings] of Object.entries(this.#sections)) {
      if (OTHER_SECTIONS.has(section)) continue;
      const fields = asFields(settings);
      if (!['router_settings', 'litellm_settings', 'general_settings'].includes(section) || fields === undefined) {
        if (settings !== null && settings !== undefined) this.#notes.add(`${section}: not used`);
        continue;
      }
      for (const [name, value] of Object.entries(fields)) {
        const path = `${section}.${name}`;
        if (this.#read.has(name) || ALWAYS.has(path) || value === null || value === false) continue;
        this.#notes.add(`${path}: ${INSTEAD[path] ?? 'not used'}`);
      }
    }
  }

  #served(what: string, given: unknown, models: ConvertedModels): readonly string[] {
    const list = (Array.isArray(given) ? given : [given]) as unknown[];
    return list.flatMap((one) => {
      const name = asNonEmptyText(one) ?? asNonEmptyText(asFields(one)?.['model']);
      if (name !== undefined && isServed(name, models)) return [name];
      this.#notes.add(`${what}: ${name ?? 'an item'} is not served, and left out`);
      return [];
    });
  }
}

function isServed(name: string, models: ConvertedModels): boolean {
  if (models.has(name)) return true;
  return [...models.keys()].some((pattern) => {
    const star = pattern.indexOf('*');
    return star >= 0 && name.startsWith(pattern.slice(0, star)) && name.endsWith(pattern.slice(star + 1));
  });
}

function texts(fields: LiteLlmFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, anyText(value)]),
  );
}
