import { isDirect } from '../../apis/direct-id.ts';
import type { Endpoint, Model, ModelEndpoint } from '../../apis/catalogue.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { mayPass, passes, passingModels, type RemovedProvider } from '../../core/price/removed-providers.ts';
import type { RoutingQuestion } from '../../core/price/explain-routing.ts';
import { authorOf, nearNames } from '../../core/text/near-names.ts';
import type { ApiServices } from '../context/apis.ts';

/** What is known about a request that no provider may answer. */
interface RemovedRequest {
  model: string;
  question: RoutingQuestion;
  removed: readonly RemovedProvider[];
  /** The endpoints with zero data retention of all models, if they could be read. */
  zdr: readonly ModelEndpoint[] | undefined;
}

/** The nearest model that passes the filters of a request, or why it is not known. */
export type NearestModel = { id: string } | { id?: undefined; because: string };

/** The models of which stored endpoints are read: each is a file. */
const MOST_STORED = 8;

/**
 * Looks for the model with the nearest name, of the same author first, that has an endpoint that passes all filters. With zero data retention, the
 * API's list has all such endpoints. Otherwise it looks at stored endpoints, and requests those of one model.
 */
export async function findNearestModel(
  request: RemovedRequest,
  services: Pick<ApiServices, 'readCatalogue' | 'readEndpoints'>,
  signal: AbortSignal,
): Promise<NearestModel> {
  const { model, question, removed, zdr } = request;
  const unexplained = removed.filter(({ isExplained }) => !isExplained);
  // What the account excludes at one model, it excludes at others too.
  const blocked = new Set(unexplained.map(({ provider }) => provider));
  if (question.routing.zeroDataRetention === true) {
    if (zdr === undefined) return { because: 'the list of endpoints with zero data retention cannot be read' };
    const ids = passingModels(zdr, question, blocked).filter((id) => id !== model);
    const [id] = nearestFirst(model, ids);
    return id === undefined ? { because: 'no other model has an endpoint that passes' } : { id };
  }
  if (unexplained.length === removed.length) return { because: 'the API does not say what the settings of the account exclude' };
  const reading = await orNothing(services.readCatalogue({ preferStored: true, signal, scope: scopeOf([model]) }));
  if (reading === undefined) return { because: 'the catalog cannot be read' };
  return searchEndpoints(request, reading.catalogue.models, blocked, services, signal);
}

async function searchEndpoints(
  { model, question }: RemovedRequest,
  models: readonly Model[],
  blocked: ReadonlySet<string>,
  services: Pick<ApiServices, 'readEndpoints'>,
  signal: AbortSignal,
): Promise<NearestModel> {
  const isChoice = (one: Model): boolean =>
    one.id !== model && !isDirect(one.id) && !one.id.startsWith('openrouter/') && mayPass(one, question);
  const ids = models.filter(isChoice).map(({ id }) => id);
  if (ids.length === 0) return { because: 'no other model of the catalog passes' };
  let known = 0;
  let mayAsk = true;
  for (const id of nearestFirst(model, ids).slice(0, MOST_STORED)) {
    let endpoints: readonly Endpoint[] | undefined = await endpointsOf(id, { offline: true }, services);
    if (endpoints === undefined && mayAsk) {
      mayAsk = false;
      endpoints = await endpointsOf(id, { signal }, services);
    }
    if (endpoints === undefined) continue;
    known += 1;
    if (endpoints.some((endpoint) => passes(id, { endpoint, keepsNothing: undefined }, question, blocked))) return { id };
  }
  const looked = known === 1 ? 'the nearest one does not' : `the ${known} nearest ones do not`;
  return { because: known === 0 ? 'the endpoints of other models cannot be read' : `${looked}, and orx looks at no more` };
}

async function endpointsOf(
  id: string,
  options: Parameters<ApiServices['readEndpoints']>[1],
  services: Pick<ApiServices, 'readEndpoints'>,
): Promise<readonly Endpoint[] | undefined> {
  return (await orNothing(services.readEndpoints(id, options)))?.catalogue.endpoints;
}

/** Returns the ids in the order of their names: similar ones of the same author, its others, similar ones of others, the rest. */
function nearestFirst(model: string, ids: readonly string[]): string[] {
  const own = ids.filter((id) => authorOf(id) === authorOf(model));
  const near = (of: readonly string[]): string[] =>
    nearNames(
      model,
      of.map((id) => ({ id })),
      MOST_STORED,
    );
  return [...new Set([...near(own), ...own, ...near(ids), ...ids])];
}

/** Returns undefined if something cannot be read: an explanation is missing then, and nothing else. */
export async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch {
    return undefined;
  }
}
