import { isDirect, parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';
import type { Pricing } from '../../apis/catalogue.ts';
import { decimal, type Decimal } from '../../decimal.ts';
import { buildService, type ServiceSetup } from './build-service.ts';
import type { ConfigProblem, Secret } from './field.ts';
import type { GatewayConfig, ModelConfig, TargetConfig, VendorConfig } from './fields.ts';
import type { Environment } from './scalars.ts';
import type { VendorEntry } from '../vendors/vendor-entry.ts';
import {
  type AttemptLimits,
  type CooldownRules,
  DEFAULT_COOLDOWN,
  DEFAULT_RETRIES,
  type RoutingTable,
  type Target,
  type TargetGroup,
} from '../routing/target.ts';

/** A configuration in the form that the gateway uses. */
export interface GatewaySetup {
  table: RoutingTable;
  /** Vendors of the file; they win over stored ones. */
  vendors: ReadonlyMap<string, VendorEntry>;
  /** Address and key of OpenRouter, if the file sets them. */
  openRouter: { baseUrl?: string | undefined; key?: Secret | undefined };
  /** Prices by the model id of a target. */
  prices: ReadonlyMap<string, Pricing>;
  keys: 'required' | undefined;
  masterKey: Secret | undefined;
  service: ServiceSetup;
  notes: readonly string[];
}

/** Builds the routing table and the vendors from the values of a file. */
export function buildSetup(config: GatewayConfig, env: Environment): { setup: GatewaySetup; problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const prices = new Map<string, Pricing>();
  const { routing } = config;
  const groups = new Map<string, TargetGroup>();
  for (const [name, model] of config.models) {
    groups.set(name, buildGroup(name, model, config, prices, problems));
  }
  const vendors = new Map<string, VendorEntry>();
  for (const [name, vendor] of config.vendors) {
    if (name !== 'openrouter') vendors.set(name, buildVendor(name, vendor, problems));
  }
  checkNames(config, problems);
  const { service, problems: serviceProblems } = buildService(config);
  problems.push(...serviceProblems);
  const table: RoutingTable = {
    groups: new Map([...groups].filter(([name]) => !name.includes('*'))),
    patterns: [...groups].filter(([name]) => name.includes('*')).map(([, group]) => group),
    aliases: config.aliases,
    servesUnlisted: routing.unlisted_models,
    retries: {
      ...DEFAULT_RETRIES,
      perTarget: routing.retries,
      attempts: routing.attempts,
      longestWaitMs: routing.longest_wait,
      longestWaitBesideOthersMs: routing.longest_wait_beside_others,
    },
    cooldown: cooldownOf(config.cooldown),
    limits: limitsOf(config.timeouts),
    tagFilter: routing.tag_filter,
    tagPrefix: routing.tag_prefix,
  };
  const own = config.vendors.get('openrouter');
  const openRouter = { baseUrl: own?.base_url, key: own?.key };
  return {
    setup: {
      table,
      vendors,
      openRouter,
      prices,
      keys: config.keys,
      masterKey: config.master_key,
      service,
      notes: missingKeys(config, env),
    },
    problems,
  };
}

function buildGroup(
  name: string,
  model: ModelConfig,
  config: GatewayConfig,
  prices: Map<string, Pricing>,
  problems: ConfigProblem[],
): TargetGroup {
  const path = `models.${name}`;
  if (model.targets.length === 0) problems.push({ path, message: 'has no targets' });
  const targets = model.targets.map((target, index): Target => {
    const id = model.targets.length === 1 ? `${name}/${target.model ?? ''}` : `${name}/${index + 1}/${target.model ?? ''}`;
    if (target.model === undefined) problems.push({ path: `${path}.targets[${index}]`, message: 'has no model' });
    else checkTarget(target.model, `${path}.targets[${index}].model`, config, problems);
    const pricing = pricingOf(target);
    if ((target.prices.input === undefined) !== (target.prices.output === undefined))
      problems.push({ path: `${path}.targets[${index}].prices`, message: 'needs both input and output' });
    if (pricing !== undefined && target.model !== undefined) prices.set(target.model, pricing);
    return { ...buildTarget(target, config), id };
  });
  const { routing } = config;
  return {
    name,
    targets,
    strategy: model.strategy ?? routing.strategy,
    fallbacks: (model.fallbacks ?? routing.fallbacks ?? []).filter((one) => one !== name),
    contextFallbacks: model.context_fallbacks,
    policyFallbacks: model.policy_fallbacks,
    hedgeMs: model.hedge_after ?? routing.hedge_after,
    tagFilter: model.tag_filter,
    retriesByKind: anyGiven(model.retries_by_kind) ?? anyGiven(routing.retries_by_kind),
  };
}

/** Returns the values, or undefined if none of them is set. */
function anyGiven<T extends object>(values: T): T | undefined {
  return Object.values(values).some((value) => value !== undefined) ? values : undefined;
}

function cooldownOf(cooldown: GatewayConfig['cooldown']): CooldownRules {
  return {
    ...DEFAULT_COOLDOWN,
    isEnabled: cooldown.enabled,
    ms: cooldown.pause,
    longestMs: Math.max(cooldown.pause, cooldown.longest_pause),
    failures: cooldown.failures,
    failureShare: cooldown.failure_share,
    failuresByKind: anyGiven(cooldown.failures_by_kind),
  };
}

function buildTarget(target: TargetConfig, { timeouts, cooldown }: GatewayConfig): Omit<Target, 'id'> {
  const { limits } = target;
  const ownCooldown = anyGiven(target.cooldown);
  return {
    model: target.model ?? '',
    weight: target.weight,
    order: target.order,
    retries: target.retries,
    tags: target.tags,
    cooldown:
      ownCooldown &&
      cooldownOf({
        ...cooldown,
        enabled: ownCooldown.enabled ?? cooldown.enabled,
        pause: ownCooldown.pause ?? cooldown.pause,
        longest_pause: ownCooldown.longest_pause ?? cooldown.longest_pause,
      }),
    limits: { ...limitsOf(timeouts), ...present(limitsOf(target.timeouts)) },
    rates: {
      requestsPerMinute: limits.requests_per_minute,
      tokensPerMinute: limits.tokens_per_minute,
      parallelRequests: limits.parallel_requests,
    },
    facts: { dataCollection: target.data_collection, zeroDataRetention: target.zdr, quantization: target.quantization },
  };
}

function limitsOf({ connect, first_token, idle, answer }: GatewayConfig['timeouts']): AttemptLimits {
  return present({ connectMs: connect, firstTokenMs: first_token, idleMs: idle, answerMs: answer });
}

function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** Reports an unknown vendor, which would otherwise fail only at the first request. */
function checkTarget(model: string, path: string, { vendors }: GatewayConfig, problems: ConfigProblem[]): void {
  const direct = parseDirectId(model);
  if (direct === undefined) {
    if (!model.includes('/') && !model.includes('*'))
      problems.push({ path, message: `must be vendor:model or author/model, not ${model}` });
  } else if (findVendor(direct.vendor) === undefined && vendors.get(direct.vendor) === undefined) {
    problems.push({
      path,
      message: `names the vendor ${direct.vendor}, which is not known to orx or under vendors in this file`,
    });
  }
}

function checkNames(config: GatewayConfig, problems: ConfigProblem[]): void {
  const isServed = (name: string): boolean =>
    config.models.has(name) ||
    config.aliases.has(name) ||
    [...config.models.keys()].some((pattern) => pattern.includes('*')) ||
    (config.routing.unlisted_models && (isDirect(name) || name.includes('/')));
  const check = (path: string, names: readonly string[] = []): void => {
    for (const name of names)
      if (!isServed(name)) problems.push({ path, message: `names ${name}, which is not a model of this file` });
  };
  for (const [name, model] of config.models) {
    check(`models.${name}.fallbacks`, model.fallbacks);
    check(`models.${name}.context_fallbacks`, model.context_fallbacks);
    check(`models.${name}.policy_fallbacks`, model.policy_fallbacks);
    if (name.split('*').length > 2) problems.push({ path: `models.${name}`, message: 'has more than one *' });
  }
  check('routing.fallbacks', config.routing.fallbacks);
  for (const [alias, name] of config.aliases) check(`aliases.${alias}`, [name]);
}

function buildVendor(name: string, vendor: VendorConfig, problems: ConfigProblem[]): VendorEntry {
  const path = `vendors.${name}`;
  const { base_url: baseUrl, key, like, dialect } = vendor;
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    problems.push({
      path,
      message: 'is not a vendor name: use lower-case letters, digits and hyphens, and start with a letter',
    });
  if (like !== undefined && findVendor(like) === undefined)
    problems.push({ path: `${path}.like`, message: `is not a vendor that orx knows: ${like}` });
  if (findVendor(name) === undefined && like === undefined && baseUrl === undefined)
    problems.push({ path, message: 'needs a base_url, or like: with a vendor that orx knows' });
  return {
    isFixed: true,
    ...(baseUrl !== undefined && { baseUrl, keyOrigin: new URL(baseUrl).origin }),
    ...(dialect !== undefined && { dialect }),
    ...(like !== undefined && { like }),
    ...(key !== undefined && secretEntry(key)),
  };
}

function secretEntry(key: Secret): VendorEntry {
  if ('variable' in key) return { keyVariable: key.variable };
  return 'command' in key ? { keyCommand: key.command } : { key: key.text };
}

function pricingOf({ prices }: TargetConfig): Pricing | undefined {
  const { input, output, cache_read: read, cache_write: write } = prices;
  if (input === undefined || output === undefined) return undefined;
  const perToken = (perMillion: string): Decimal => decimal(perMillion).div(1_000_000);
  return {
    prompt: perToken(input),
    completion: perToken(output),
    ...(read !== undefined && { cacheRead: perToken(read) }),
    ...(write !== undefined && { cacheWrite: perToken(write) }),
    overrides: [],
  };
}

function missingKeys({ vendors }: GatewayConfig, env: Environment): string[] {
  return [...vendors].flatMap(([name, { key }]) =>
    key !== undefined && 'variable' in key && (env[key.variable] ?? '') === ''
      ? [`vendors.${name}.key: the environment variable ${key.variable} is not set; ${name} cannot be used`]
      : [],
  );
}
