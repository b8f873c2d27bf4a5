import { decimal, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { parseModelName } from '../model-id/name.ts';
import { type ApiTool, apiPlugins, apiTools } from './api-tools.ts';

/** What a request may cost at most beside one prompt and one answer. */
export interface ExtraCosts {
  /** How often the model may be asked until the answer is there: once, and once more for each use of a tool that the API runs. */
  rounds: number;
  /** Prompt tokens that results of searches may add, over all rounds. */
  addedTokens: number;
  searches: number;
  /** USD: what a search costs at least by this estimate, whatever its place says. */
  searchFee: Decimal;
  /** Tools and plugins that may cost something of which no upper end is known. Text of the user. */
  unbounded: readonly string[];
}

export const NO_EXTRA: ExtraCosts = {
  rounds: 1,
  addedTokens: 0,
  searches: 0,
  searchFee: decimal(0),
  unbounded: [],
};

/** What the API documents where nothing is asked for: results of a search, and of all searches of a request. */
const RESULTS = 5;
const ALL_RESULTS = 50;
/** Nobody says how long a result is; search services give excerpts of fewer tokens. */
const RESULT_TOKENS = 2000;
/** USD. The highest that was ever documented for a result, and for a search that is told to dig deep. */
const RESULT_FEE = '0.004';
const LEAST_SEARCH_FEE = '0.015';

/** Searches that a model may make under a budget when nobody says how many. */
const FITTING_SEARCHES = 2;

const SEARCH = 'web_search';
/** They cost nothing of their own. */
const FREE_TOOLS: ReadonlySet<string> = new Set(['datetime', 'experimental__search_models']);
/** Nor do these; what a router may cost is known by the price of the models it may choose. */
const FREE_PLUGINS =
  /^(response-healing|context-compression|moderation|auto-router|auto-beta-router|pareto-router|switchyard-router)$/;

/** Reads it out of the request: its own fields, those that are passed on unread, and the `:online` of its models. */
export function extraCosts(request: ChatRequest): ExtraCosts {
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
    // What a plugin finds stands in the prompt from the first round on, what a tool finds from the second.
    addedTokens: results * RESULT_TOKENS * (plainSearches * rounds + toolSearches * (rounds - 1)),
    searches: toolSearches + plainSearches,
    searchFee: costlier(decimal(RESULT_FEE).times(results), decimal(LEAST_SEARCH_FEE)),
    unbounded: [
      ...plugins.map(({ name }) => name).filter((name) => name !== 'web' && !FREE_PLUGINS.test(name)),
      ...tools.map(({ name }) => name).filter((name) => name !== SEARCH && !FREE_TOOLS.has(name)),
    ],
  };
}

/** The request with a limit for searches that the model decides about, where nobody has set one; `searches`: that limit, when it was set here. */
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

/** USD that all searches cost at a place where one costs `price`; undefined: it does not say. */
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
