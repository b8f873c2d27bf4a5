import { type Api, capability, type CatalogueCapability } from '../../apis/api.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { pushOf } from '../../apis/push-events.ts';
import type { GatewaySetup } from '../../core/gateway-config/build.ts';
import type { LoadedConfig } from '../../core/gateway-config/load.ts';
import { gatewayModels } from '../../core/gateway-config/gateway-models.ts';
import { embedThrough, rerankThrough } from '../../core/pipeline/embed-through.ts';
import { attemptStage } from '../../core/pipeline/pipeline.ts';
import { pushedAttempt } from '../../core/pipeline/pushed-attempt.ts';
import { pushRoute } from '../../core/routing/push-route.ts';
import { asksVendor } from '../../core/routing/resolve-groups.ts';
import { route } from '../../core/routing/route.ts';
import { Router } from '../../core/routing/router.ts';
import { NO_TABLE, type RoutingTable } from '../../core/routing/target.ts';
import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError } from '../../errors.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import type { Context } from '../context.ts';
import type { ApiServices } from '../context/apis.ts';
import { configuredApis } from './configured-apis.ts';
import { gatewaySettings } from './gateway-settings.ts';
import { type LimitQueues, openLimitQueues } from './open-limit-queues.ts';
import type { ServeOptions } from './options.ts';
import { targetEndpoints } from './target-endpoints.ts';
import { withoutOpenRouter } from './without-openrouter.ts';

export interface ServedPipeline {
  /** Sends requests to OpenRouter and the vendors through the router: retries, fallbacks, costs, the ledger and its budgets. */
  api: Api;
  accounting: RunAccounting;
  /** The names of the available providers, for people. */
  answers: readonly string[];
  /** Tracks the state of each target. */
  router: Router;
  /** Returns whether a vendor may be asked for a name. */
  asksVendor: (name: string) => boolean;
  /** Opens what a new configuration names. Returns a function that applies it; requests in progress continue with the old one. */
  prepare: (config: LoadedConfig) => Promise<() => void>;
}

/** Opens the API that `orx serve` serves. Throws kind `authentication` if no provider can be used. */
export async function openServedApi(
  options: Pick<ServeOptions, 'settings'>,
  base: Context,
  config?: LoadedConfig,
): Promise<ServedPipeline> {
  const settings = gatewaySettings(options.settings, config?.setup, base);
  const configured = configuredApis(settings, base, config?.setup);
  const { apis, context, findModel } = configured;
  const vendors = apis.vendors().filter(isInUse);
  const hasRouter = settings['api-key'] !== undefined;
  if (!hasRouter && vendors.length === 0) throw nobody();
  const accounting = await openAccounting('serve', settings, await apis.open(), context, { turnPer: 'request' });
  const { clock } = context;
  const routeClock = { ...clock, random: Math.random };
  /** Returns the APIs that a configuration names. */
  const connection = (setup: GatewaySetup | undefined): ApiServices =>
    context.apis.for(gatewaySettings(options.settings, setup, base));
  const openQueues = async (setup: GatewaySetup | undefined): Promise<LimitQueues | undefined> =>
    settings.pacing ? openLimitQueues(connection(setup), routeClock) : undefined;
  let limitOf = await openQueues(config?.setup);
  const router = new Router(
    { monotonic: clock.monotonic, random: Math.random, findModel, limitOf: (model) => limitOf?.(model) },
    tableOf(config?.setup, settings, hasRouter),
  );
  let api = await connection(config?.setup).open();
  const stages = { ...clock, record: accounting.wrap, findModel };
  const attempts = (stream: StreamCompletion): StreamCompletion => attemptStage({ ...api, streamCompletion: stream }, stages);
  const through = (stream: StreamCompletion): StreamCompletion => route(attempts(stream), router, routeClock);
  const ask: StreamCompletion = (request, call) => api.streamCompletion(request, call);
  const pushAttempt = pushedAttempt(api, (request, call, sink) => pushOf(api)(request, call, sink), {
    ...clock,
    openRecord: accounting.openRecord,
    findModel,
  });
  const listModels: CatalogueCapability['listModels'] = async (call) => {
    const { models } = (await apis.readCatalogue({ signal: call?.signal })).catalogue;
    const served = gatewayModels(router.table, models);
    return { models: served, body: JSON.stringify({ data: served.map(({ wire }) => wire) }) };
  };
  return {
    api: {
      ...api,
      streamCompletion: through(ask),
      pushCompletion: pushRoute(pushAttempt, attempts(ask), router, routeClock),
      embed: (request, call) => embedThrough(capability(api, 'embed'), through)(request, call),
      rerank: (request, call) => rerankThrough(capability(api, 'rerank'), through)(request, call),
      // Count with the first target that a request would try.
      async countTokens(request, call) {
        const target = (await router.plan(request, call?.caller?.tags)).groups[0]?.targets[0];
        return target === undefined ? undefined : api.countTokens?.({ ...request, model: target.model }, call);
      },
      catalogue: { listModels, listModelsSince: (_, call) => listModels(call) },
      ...(!hasRouter && withoutOpenRouter(await ledgerOf(settings, base), clock.now)),
      endpoints: {
        listZdrEndpoints: (call) =>
          hasRouter ? capability(api, 'endpoints').listZdrEndpoints(call) : Promise.resolve({ endpoints: [] }),
        listEndpoints: (name, call) => targetEndpoints(hasRouter ? api.endpoints : undefined, router, findModel)(name, call),
      },
    },
    accounting,
    answers: [
      ...(hasRouter ? ['OpenRouter (author/model)'] : []),
      ...vendors.map(({ label, name }) => `${label} (${name}:model)`),
    ],
    router,
    asksVendor: (name) => asksVendor(name, router.table),
    async prepare({ setup }) {
      if (!hasRouter && !configured.vendorsWith(setup).some(isInUse)) throw nobody();
      const [next, queues] = await Promise.all([connection(setup).open(), openQueues(setup)]);
      return () => {
        api = next;
        limitOf = queues;
        configured.use(setup);
        router.update(tableOf(setup, settings, hasRouter));
      };
    },
  };
}

async function ledgerOf(settings: ServeOptions['settings'], { stores }: Context): Promise<Ledger | undefined> {
  if (!settings.ledger) return undefined;
  return stores
    .for(settings)
    .openLedger()
    .catch(() => undefined);
}

function tableOf(setup: GatewaySetup | undefined, { retries }: ServeOptions['settings'], hasOpenRouter: boolean): RoutingTable {
  const table = setup?.table ?? NO_TABLE;
  return {
    ...table,
    lacksOpenRouter: !hasOpenRouter,
    retries: { ...table.retries, perTarget: table.retries.perTarget ?? (setup === undefined ? retries : undefined) },
  };
}

function nobody(): OrxError {
  return new OrxError('no API key: the gateway has no provider to send requests to', {
    kind: 'authentication',
    code: 'no-key',
    hints: [
      'log in: orx auth login',
      'store the key of a vendor: orx vendors add anthropic',
      'serve a simulated API without a key: orx serve --sandbox',
    ],
  });
}
