import { keepsNothingBy } from '../../core/models/filter-endpoints.ts';
import { removalLines, removedProviders } from '../../core/price/removed-providers.ts';
import { chatRequest, type RequestOverrides } from '../../core/request/chat-request.ts';
import { askedParameters } from '../../core/routing/asked-parameters.ts';
import type { ConnectionSettings, RequestSettings, RoutingSettings } from '../../core/settings/groups.ts';
import { type OrxError, withFacts } from '../../errors.ts';
import type { Context } from '../context.ts';
import { findNearestModel, orNothing } from './nearest-model.ts';

export interface FailedRun {
  /** Fields of the request that do not come from settings. */
  overrides?: RequestOverrides | undefined;
  /** Ends looking up why: the error is then returned with what is known. */
  signal?: AbortSignal | undefined;
}

/** A failed request does not wait longer than this for an explanation. */
const LOOK_UP_MS = 3000;

/**
 * Returns the error with the filter that removed each provider of the last of these models, and the nearest model that passes. It reads the
 * endpoints of that model and, if the request needs zero data retention, the list of such endpoints, else those of one other model: at most one
 * request each.
 */
export async function explainRemoval(
  failure: OrxError,
  asked: readonly string[],
  settings: ConnectionSettings & RequestSettings & RoutingSettings,
  context: Context,
  { overrides = {}, signal }: FailedRun,
): Promise<OrxError> {
  // The API reports the failure of the last model of a list.
  const model = asked.at(-1)!;
  const request = chatRequest([], settings, overrides);
  const { routing = {}, maxTokens = 0 } = request;
  const workload = { promptTokens: 0, completionTokens: maxTokens };
  const question = { routing, workload, parameters: askedParameters(request) };
  const services = context.apis.for(settings);
  const until = AbortSignal.any([
    context.lifetime.interrupt,
    AbortSignal.timeout(LOOK_UP_MS),
    ...(signal === undefined ? [] : [signal]),
  ]);
  const [list, zdrList] = await Promise.all([
    orNothing(services.readEndpoints(model, { signal: until })),
    routing.zeroDataRetention === true ? orNothing(services.readZdrEndpoints({ signal: until })) : undefined,
  ]);
  const [endpoints, zdr] = [list?.catalogue.endpoints, zdrList?.catalogue.endpoints];
  if (endpoints === undefined || endpoints.length === 0) return failure;
  const keepsNothing = keepsNothingBy(zdr, [model]);
  const rows = endpoints.map((endpoint) => ({ endpoint, keepsNothing: keepsNothing(endpoint) }));
  const removed = removedProviders(model, rows, question);
  const nearest = await findNearestModel({ model, question, removed, zdr }, services, until);
  return withFacts(failure, {
    more: {
      lines: [
        ...removalLines(removed),
        ...(nearest.id === undefined ? [`no model that passes is known: ${nearest.because}`] : []),
      ],
      json: {
        removed: removed.map(({ provider, tag, removedBy }) => ({ provider, tag, removed_by: removedBy })),
        ...(nearest.id === undefined ? { nearest_model_unknown: nearest.because } : { nearest_model: nearest.id }),
      },
    },
    hints: [
      ...(nearest.id === undefined
        ? []
        : [{ shell: `use a model that passes: -m ${nearest.id}`, session: `use a model that passes: /model ${nearest.id}` }]),
      ...failure.hints,
    ],
    cause: failure.cause,
  });
}
