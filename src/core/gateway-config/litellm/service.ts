import { decimal, parseDecimal } from '../../../decimal.ts';
import { anyText } from '../../../text/any-text.ts';
import type { ConvertedModels } from './model-list.ts';
import { asFields, asNonEmptyText, type ConversionNotes, type LiteLlmFields } from './notes.ts';
import { vendorOfPrefix } from './vendor-names.ts';

/** LiteLLM's caches, and the store of orx that is closest. */
const STORES: Readonly<Record<string, 'memory' | 'disk'>> = { local: 'memory', disk: 'disk' };
/** Of the units of LiteLLM's durations. */
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const SERVED_CALLS = new Set(['completion', 'acompletion']);

/** Converts `cache` and `cache_params`. Returns undefined for no cache. */
export function convertCache(given: unknown, params: unknown, notes: ConversionNotes): LiteLlmFields | undefined {
  const about = (key: string, text: string): void => notes.add(`litellm_settings.cache_params.${key}: ${text}`);
  const fields = asFields(params) ?? {};
  if (given !== true) {
    if (Object.keys(fields).length > 0) notes.add('litellm_settings.cache_params: not used, because cache is not true');
    return undefined;
  }
  // LiteLLM's own default.
  const { type = 'redis', ttl, mode, supported_call_types: calls, ...others } = fields;
  for (const key of Object.keys(others)) about(key, 'not used');
  if (mode === 'default_off') {
    about('mode', 'default_off is not supported: nothing is cached');
    return undefined;
  }
  if (Array.isArray(calls)) {
    const unserved = (calls as unknown[]).map(anyText).filter((call) => !SERVED_CALLS.has(call));
    if (unserved.length > 0) about('supported_call_types', `${unserved.join(', ')}: not cached`);
    if (unserved.length === calls.length) return undefined;
  }
  const store = STORES[anyText(type)];
  if (store === undefined) about('type', `${anyText(type)} is not supported: identical requests are cached in memory`);
  return { store: store ?? 'memory', ttl };
}

/** The settings of a LiteLLM file that limit spending. */
export interface LiteLlmBudgets {
  total: LiteLlmFields;
  /** By LiteLLM's name of the vendor. */
  vendors: unknown;
  tags: unknown;
  models: ConvertedModels;
}

/** Converts all budgets. One that orx cannot apply becomes a note. */
export function convertBudgets({ total, vendors, tags, models }: LiteLlmBudgets, notes: ConversionNotes): LiteLlmFields[] {
  const all: LiteLlmFields[] = [];
  const add = (what: string, fields: unknown, scope: LiteLlmFields): void => {
    const limit = limitOf(what, asFields(fields) ?? {}, notes);
    if (limit !== undefined) all.push({ ...limit, ...scope });
  };
  add('litellm_settings', total, {});
  for (const [name, fields] of Object.entries(asFields(vendors) ?? {})) {
    const vendor = vendorOfPrefix(name);
    if (vendor === undefined) notes.add(`provider_budget_config.${name}: orx does not know this vendor; it is not used`);
    else add(`provider_budget_config.${name}`, fields, { vendor });
  }
  for (const [tag, fields] of Object.entries(asFields(tags) ?? {})) add(`tag_budget_config.${tag}`, fields, { tag });
  for (const [name, targets] of models)
    for (const { budget, config } of targets) add(`model_list ${name}`, budget, { model: config['model'] });
  return lowest(all, notes);
}

/** Returns a limit with orx's period as its name. */
function limitOf(what: string, fields: LiteLlmFields, notes: ConversionNotes): LiteLlmFields | undefined {
  const given = fields['max_budget'] ?? fields['budget_limit'];
  const duration = fields['budget_duration'] ?? fields['time_period'];
  if (given === undefined || given === null) return undefined;
  const amount = parseDecimal(given);
  if (amount === undefined || amount.lt(0)) {
    notes.add(`${what}: the budget is not an amount; it is not used`);
    return undefined;
  }
  // As in LiteLLM, a budget without a duration never starts again.
  const period = duration === undefined || duration === null ? 'total' : periodOf(asNonEmptyText(duration));
  if (period === undefined) {
    notes.add(
      `${what}: a budget with the duration ${anyText(duration)} is not supported; set one for a day, a week or a month: orx budget add`,
    );
    return undefined;
  }
  return { [period]: amount.toFixed() };
}

/** Returns the calendar period that is closest to a duration, or undefined. */
function periodOf(duration: string | undefined): 'day' | 'week' | 'month' | undefined {
  if (duration === undefined) return undefined;
  const [, count, unit] = /^(\d+)(s|m|h|d|w|mo)$/.exec(duration) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  if (unit === 'mo') return count === '1' ? 'month' : undefined;
  const days = (Number(count) * SECONDS[unit as keyof typeof SECONDS]) / SECONDS.d;
  if (days === 1) return 'day';
  if (days === 7) return 'week';
  return days >= 28 && days <= 31 ? 'month' : undefined;
}

/** Keeps one limit for each period and scope: several deployments may be the same model of orx. */
function lowest(budgets: readonly LiteLlmFields[], notes: ConversionNotes): LiteLlmFields[] {
  const byScope = new Map<string, LiteLlmFields>();
  for (const budget of budgets) {
    const [[period, limit] = ['', '']] = Object.entries(budget);
    const { [period]: _, ...scope } = budget;
    const identity = JSON.stringify([period, scope]);
    const before = byScope.get(identity);
    if (before === undefined) byScope.set(identity, budget);
    else {
      notes.add(
        `model_list: several budgets ${period === 'total' ? 'in total' : `of a ${period}`} for ${anyText(scope['model'])}; the lowest is used`,
      );
      if (decimal(anyText(limit)).lt(anyText(before[period]))) byScope.set(identity, budget);
    }
  }
  return [...byScope.values()];
}
