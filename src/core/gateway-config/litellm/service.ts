import { parseBudgetWindow } from '../../../budget-window.ts';
import { decimal, parseDecimal } from '../../../decimal.ts';
import { HIGHEST_COST } from '../../../paid-cost.ts';
import { anyText } from '../../../text/any-text.ts';
import type { ConvertedModels } from './model-list.ts';
import { asFields, asNonEmptyText, type ConversionNotes, type LiteLlmFields } from './notes.ts';
import { vendorOfPrefix } from './vendor-names.ts';

/** LiteLLM's caches, and the store of orx that is closest. */
const STORES: Readonly<Record<string, 'memory' | 'disk'>> = { local: 'memory', disk: 'disk' };
/** LiteLLM's words for durations. */
const WORDS: Readonly<Record<string, string>> = { hourly: '1h', daily: '1d', weekly: '7d', monthly: '30d' };
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

/** Returns a limit with its period, in the form of orx's configuration file. */
function limitOf(what: string, fields: LiteLlmFields, notes: ConversionNotes): LiteLlmFields | undefined {
  const given = fields['max_budget'] ?? fields['budget_limit'];
  const duration = fields['budget_duration'] ?? fields['time_period'];
  if (given === undefined || given === null) return undefined;
  const amount = parseDecimal(given);
  if (amount === undefined || amount.lt(0)) {
    notes.add(`${what}: the budget is not an amount; it is not used`);
    return undefined;
  }
  if (amount.gt(HIGHEST_COST)) {
    notes.add(`${what}: a budget above $1,000,000 limits nothing; it is not used`);
    return undefined;
  }
  // As in LiteLLM, a budget without a duration never starts again.
  const period = duration === undefined || duration === null ? 'total' : periodOf(asNonEmptyText(duration));
  if (period === undefined) {
    notes.add(
      `${what}: ${anyText(duration)} is not a duration of up to ten years, such as 5h, 14d or 2mo; the budget is not used`,
    );
    return undefined;
  }
  const limit = amount.toFixed();
  return /^\d/.test(period) ? { every: period, limit } : { [period]: limit };
}

/** Returns the period of a duration, or undefined. LiteLLM's 30 days are a calendar month, too. */
function periodOf(duration: string | undefined): string | undefined {
  if (duration === undefined) return undefined;
  const period = parseBudgetWindow(WORDS[duration.trim().toLowerCase()] ?? duration);
  return period === '30d' ? 'month' : period;
}

/** Keeps one limit for each period and scope: several deployments may be the same model of orx. */
function lowest(budgets: readonly LiteLlmFields[], notes: ConversionNotes): LiteLlmFields[] {
  const byScope = new Map<string, LiteLlmFields>();
  for (const budget of budgets) {
    const { period, limit, scope } = partsOf(budget);
    const identity = JSON.stringify([period, scope]);
    const before = byScope.get(identity);
    if (before === undefined) byScope.set(identity, budget);
    else {
      notes.add(
        `model_list: several budgets ${period === 'total' ? 'in total' : `of a ${period}`} for ${anyText(scope['model'])}; the lowest is used`,
      );
      if (decimal(limit).lt(partsOf(before).limit)) byScope.set(identity, budget);
    }
  }
  return [...byScope.values()];
}

function partsOf(budget: LiteLlmFields): { period: string; limit: string; scope: LiteLlmFields } {
  const { every, limit, day, week, month, total, ...scope } = budget;
  const named = Object.entries({ day, week, month, total }).find(([, amount]) => amount !== undefined);
  return { period: anyText(every ?? named?.[0]), limit: anyText(limit ?? named?.[1]), scope };
}
