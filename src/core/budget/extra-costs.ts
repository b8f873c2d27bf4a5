import { decimal, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { parseModelName } from '../model-id/name.ts';
import { type ApiTool, apiPlugins, apiTools } from './api-tools.ts';

/** The maximum additional costs of a request, beyond one prompt and one answer. */
export interface ExtraCosts {
  /** Most calls of the model until the answer is complete: one, and one more for each use of a tool that the API runs. */
  rounds: number;
  /** Most prompt tokens that search results may add, over all rounds. */
  addedTokens: number;
  searches: number;
  /** USD: minimum fee of a search in this estimate, whatever the endpoint's price. */
  searchFee: Decimal;
  /** Tools and plugins whose cost has no known upper limit, as named by the user. */
  unbounded: readonly string[];
}

export const NO_EXTRA: ExtraCosts = {
  rounds: 1,
  addedTokens: 0,
  searches: 0,
  searchFee: decimal(0),
  unbounded: [],
};

/** The API's documented defaults: results of a search, and of all searches of a request. */
const RESULTS = 5;
const ALL_RESULTS = 50;
/** The length of a result is not documented; search services return excerpts of fewer tokens. */
const RESULT_TOKENS = 2000;
/** USD. The highest documented price of a result, and of a search with the highest search depth. */
const RESULT_FEE = '0.004';
const LEAST_SEARCH_FEE = '0.015';

/** Most searches that a model may make under a budget if the request sets no limit. */
const FITTING_SEARCHES = 2;

const SEARCH = 'web_search';
/** Tools without their own cost. */
const FREE_TOOLS: ReadonlySet<string> = new Set(['datetime', 'experimental__search_models']);
/** Plugins without their own cost. The cost of a router is known from the prices of the models that it may choose. */
const FREE_PLUGINS =
  /^(response-healing|context-compression|moderation|auto-router|auto-beta-router|pareto-router|switchyard-router)$/;

const PLAIN: ExtraCosts = { ...NO_EXTRA, searchFee: decimal(LEAST_SEARCH_FEE) };

/** Returns whether nothing in a request can cause additional costs. Most requests to the gateway are like this. */
function isPlain({ model, fallbackModels = [], tools, plugins, extra = {} }: ChatRequest): boolean {
  return (
    tools === undefined &&
    plugins === undefined &&
    ['tools', 'plugins', 'web_search_options'].every((name) => extra[name] === undefined) &&
    ![model, ...fallbackModels].some((name) => /online/i.test(name))
  );
}

/** Returns the additional costs of a request, from its own fields, fields that are passed on, and the `:online` of its models. */
export function extraCosts(request: ChatRequest): ExtraCosts {
  if (isPlain(request)) return PLAIN;
  const tools = apiTools(request);
  const plugins = apiPlugins(request);
  const isOnline = [request.model, ...(request.fallbackModels ?? [])].some((model) =>
    parseModelName(model).anyVariants.includes('online'),
  );
  const webPlugins = plugins.filter(({ name }) => name === 'web');
  const isSearchField = request.extra?.['web_search_options'] !== undefined;
  const plain = [
    ...webPlugins,
    ...(webPlugins.length === 0 && (isOnline || isSearchField) ? [{ name: 'web', parameters: {} }] : []),
  ];
  const byTool = tools.filter(({ name }) => name === SEARCH);
  const mostCalls = request.maxToolCalls ?? Infinity;
  const usesOf = (tool: ApiTool): number => Math.min(count(tool, 'max_uses') ?? usualSearches(tool), mostCalls);
  const toolSearches = byTool.reduce((sum, tool) => sum + usesOf(tool), 0);
  const plainSearches = plain.reduce((sum, plugin) => sum + (count(plugin, 'max_uses') ?? 1), 0);
  const results = Math.max(0, ...[...plain, ...byTool].map((search) => count(search, 'max_results') ?? RESULTS));
  const rounds = 1 + toolSearches + tools.filter(({ name }) => FREE_TOOLS.has(name)).length;
  return {
    rounds,
    // The results of a plugin are in the prompt from the first round on, those of a tool from the second.
    addedTokens: results * RESULT_TOKENS * (plainSearches * rounds + toolSearches * (rounds - 1)),
    searches: toolSearches + plainSearches,
    searchFee: costlier(decimal(RESULT_FEE).times(results), decimal(LEAST_SEARCH_FEE)),
    unbounded: [
      ...plugins.map(({ name }) => name).filter((name) => name !== 'web' && !FREE_PLUGINS.test(name)),
      ...tools.map(({ name }) => name).filter((name) => name !== SEARCH && !FREE_TOOLS.has(name)),
    ],
  };
}

/**
 * Returns the request with a limit for searches that the model decides about, unless it has one; `searches` is the limit if it was added here.
 */
export function limitSearches(request: ChatRequest): { request: ChatRequest; searches?: number } {
  if (request.maxToolCalls !== undefined && request.maxToolCalls <= FITTING_SEARCHES) return { request };
  let isLimited = false;
  const tools = request.tools?.map((tool) => {
    if (tool.type !== `openrouter:${SEARCH}` || tool.parameters?.['max_uses'] !== undefined) return tool;
    isLimited = true;
    return { ...tool, parameters: { ...tool.parameters, max_uses: FITTING_SEARCHES } };
  });
  return isLimited ? { request: { ...request, tools }, searches: FITTING_SEARCHES } : { request };
}

/** Returns the cost of all searches in USD at an endpoint where one costs `price`; undefined: the price is not known. */
export function searchCost({ searches, searchFee }: ExtraCosts, price: Decimal | undefined): Decimal {
  return (price === undefined ? searchFee : costlier(price, searchFee)).times(searches);
}

function usualSearches(tool: ApiTool): number {
  return Math.ceil((count(tool, 'max_total_results') ?? ALL_RESULTS) / (count(tool, 'max_results') ?? RESULTS));
}

function count({ parameters }: ApiTool, name: string): number | undefined {
  const value = parameters[name];
  return typeof value === 'number' && value >= 1 ? Math.ceil(value) : undefined;
}

function costlier(a: Decimal, b: Decimal): Decimal {
  return a.gt(b) ? a : b;
}
