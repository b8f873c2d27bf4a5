import { MOST_LANES } from '../../core/compare/most-lanes.ts';
import { parseBlend } from '../../core/models/blend.ts';
import { filterEndpoints, keepsNothingBy } from '../../core/models/filter-endpoints.ts';
import { isAtProvider } from '../../core/models/market-facts.ts';
import { sortModels } from '../../core/models/sort-models.ts';
import { ENDPOINT_SORT_KEYS } from '../../core/models/sorts.ts';
import { nearestWord } from '../../core/text/near-names.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { decimal } from '../../decimal.ts';
import { OrxError, usageError } from '../../errors.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import type { Endpoint } from '../../apis/catalogue.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { marketModels } from '../catalogue/market-models.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import { retentionPolicy } from '../catalogue/retention-policy.ts';
import type { Context } from '../context.ts';
import type { FoundModels, LaneOptions } from './lane-options.ts';

/** The model of a lane, at the endpoint that the API chooses or at a given one. */
export interface LaneTarget {
  model: string;
  endpoint?: { tag: string; provider: string } | undefined;
}

interface Loudness {
  isQuiet: boolean;
}

/** Looks up names, filters and providers. Prints notes about duplicates. Throws a usage error if nothing matches or too much does. */
export async function findLaneTargets(
  options: LaneOptions,
  settings: ChatSettings,
  context: Context,
  loudness: Loudness,
): Promise<LaneTarget[]> {
  const { names, found, providers } = options;
  const ids = await resolveNames(names, settings, context, loudness);
  const more = found === undefined ? [] : await findModels(found, settings, context);
  const models = [...new Set([...ids, ...more])];
  printRepeated(
    [...options.repeated, ...models.filter((model) => ids.indexOf(model) !== ids.lastIndexOf(model))],
    context,
    loudness,
  );
  const [only] = models;
  const isSingle = models.length === 1 && providers === undefined && !options.isMatrix && !hasSeveral(options);
  if (isSingle && found !== undefined) throw usageError(`the filters match only one model, ${only}`, SEARCH_MODELS);
  if (isSingle) throw usageError(`all names refer to one model, ${only}`, SEARCH_MODELS);
  if (providers === undefined) return models.map((model) => ({ model }));
  const pinned: LaneTarget[] = [];
  for (const model of models) pinned.push(...(await pinnedTargets(model, providers, settings, context)));
  return pinned;
}

/** Returns whether even one model has several answers. */
function hasSeveral({ variations, repeat = 1 }: LaneOptions): boolean {
  return repeat > 1 || variations.some(({ values }) => values.length > 1);
}

function printRepeated(repeated: readonly string[], { terminal: { streams } }: Context, { isQuiet }: Loudness): void {
  if (isQuiet) return;
  for (const model of new Set(repeated))
    streams.stderr.write(`note: ${visibleLine(model)} is listed more than once, and used once\n`);
}

/** Returns the ids of the models that match, the first ones of the order. */
async function findModels(found: FoundModels, settings: ChatSettings, context: Context): Promise<string[]> {
  const { filter, sort, isReversed, benchmark, count } = found;
  const market = await marketModels(filter, settings, context, { needsEndpoints: ENDPOINT_SORT_KEYS.has(sort) });
  const { models, facts } = market;
  if (models.length === 0) throw usageError('no model matches the filters', SEARCH_MODELS);
  if (count === undefined && models.length > MOST_LANES)
    throw usageError(
      `${models.length} models match the filters; compare accepts at most ${MOST_LANES} lanes`,
      'take the first ones: --top 4',
    );
  const order = { reverse: isReversed, benchmark, blend: parseBlend(settings.blend), facts };
  return sortModels(models, sort, order)
    .slice(0, count)
    .map(({ id }) => id);
}

/** Returns the endpoints of a model that the settings allow, in the order of the API or of the given names. */
async function pinnedTargets(
  model: string,
  providers: 'all' | readonly string[],
  settings: ChatSettings,
  context: Context,
): Promise<LaneTarget[]> {
  if (isDirect(model))
    throw usageError(
      `${model} has only one provider`,
      'use a model of OpenRouter with --providers, such as deepseek/deepseek-chat',
    );
  const { catalogue } = await context.apis.for(settings).readEndpoints(model, { signal: context.lifetime.interrupt });
  const zdr =
    retentionPolicy(settings) === undefined
      ? undefined
      : await context.apis
          .for(settings)
          .readZdrEndpoints({ signal: context.lifetime.interrupt })
          .catch((error: unknown) => notRead(error, context));
  const keepsNothing = keepsNothingBy(zdr?.catalogue.endpoints, [model]);
  const allowed = allowedEndpoints(catalogue.endpoints, settings).filter((endpoint) => keepsNothing(endpoint) !== false);
  const chosen =
    providers === 'all' ? allowed : providers.flatMap((name) => endpointsAt(name, allowed, catalogue.endpoints, model));
  if (chosen.length === 0) throw usageError(`no provider of ${model} matches the settings`, `list them: orx endpoints ${model}`);
  return [...new Map(chosen.map((endpoint) => [endpoint.tag, endpoint])).values()].map(({ tag, providerName }) => ({
    model,
    endpoint: { tag, provider: providerName },
  }));
}

/** Without the list, the API itself applies the policy: a lane at an endpoint that it excludes fails. */
function notRead(error: unknown, { lifetime: { interrupt } }: Context): undefined {
  if (interrupt.aborted || !(error instanceof OrxError)) throw error;
  return undefined;
}

function allowedEndpoints(endpoints: readonly Endpoint[], settings: ChatSettings): Endpoint[] {
  const { only, ignore = [], quantization, 'max-price': limit } = settings;
  const maxPrice = limit && { prompt: decimal(limit.prompt), completion: decimal(limit.completion) };
  return filterEndpoints(endpoints, { maxPrice, quantizations: quantization }, () => undefined).filter(
    (endpoint) =>
      (only === undefined || only.some((name) => isAtProvider(endpoint, name))) &&
      !ignore.some((name) => isAtProvider(endpoint, name)),
  );
}

function endpointsAt(name: string, allowed: readonly Endpoint[], all: readonly Endpoint[], model: string): Endpoint[] {
  const chosen = allowed.filter((endpoint) => isAtProvider(endpoint, name));
  if (chosen.length > 0) return chosen;
  const list = `list them: orx endpoints ${model}`;
  if (all.some((endpoint) => isAtProvider(endpoint, name)))
    throw usageError(`the settings exclude the endpoints of ${name} for ${model}`, list);
  const near = nearestWord(
    name.toLowerCase(),
    all.map(({ tag }) => tag),
  );
  throw usageError(`${model} has no provider ${name}`, ...(near === undefined ? [] : [`did you mean ${near}?`]), list);
}
