import { type Api, capability, type CatalogueCapability } from '../../apis/api.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import type { Model } from '../../apis/catalogue.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { embedThrough } from '../../core/pipeline/embed-through.ts';
import { attemptStage } from '../../core/pipeline/pipeline.ts';
import { route } from '../../core/routing/route.ts';
import { Router } from '../../core/routing/router.ts';
import { NO_TABLE } from '../../core/routing/target.ts';
import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError } from '../../errors.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import { PRICES_KEPT_MS, remember } from '../../core/remember.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from './options.ts';

export interface ServedPipeline {
  /** Asks OpenRouter and the vendors as a chat does: retries, fallback lists, costs, the ledger and its budgets. */
  api: Api;
  accounting: RunAccounting;
  /** Who can be asked, as people read it. */
  answers: readonly string[];
}

/** What `orx serve` serves. Throws kind `authentication` where nobody can be asked. */
export async function openServedApi(settings: ServeOptions['settings'], context: Context): Promise<ServedPipeline> {
  const apis = context.apis.for(settings);
  const vendors = apis.vendors().filter(isInUse);
  const hasRouter = settings['api-key'] !== undefined;
  if (!hasRouter && vendors.length === 0) throw nobody();
  const api = await apis.open();
  const accounting = await openAccounting('serve', settings, api, context, { turnPer: 'request' });
  const { clock } = context;
  const findModel = remember<Promise<Model | undefined>>(
    async (name) => {
      const reading = await apis.readCatalogue({ preferStored: true, scope: scopeOf([name]) }).catch(() => undefined);
      return findListed(name, reading?.catalogue.models ?? []);
    },
    PRICES_KEPT_MS,
    clock.monotonic,
  );
  const router = new Router(
    { monotonic: clock.monotonic, random: Math.random, findModel },
    { ...NO_TABLE, retries: { ...NO_TABLE.retries, perTarget: settings.retries } },
  );
  const through = (stream: StreamCompletion): StreamCompletion =>
    route(attemptStage({ ...api, streamCompletion: stream }, { ...clock, record: accounting.wrap, findModel }), router, {
      ...clock,
      random: Math.random,
    });
  const listModels: CatalogueCapability['listModels'] = async (options) => {
    const { models } = (await apis.readCatalogue({ signal: options?.signal })).catalogue;
    return { models, body: JSON.stringify({ data: models.map(({ wire }) => wire) }) };
  };
  return {
    api: {
      ...api,
      streamCompletion: through(api.streamCompletion),
      embed: embedThrough(capability(api, 'embed'), through),
      catalogue: { listModels, listModelsSince: (_, options) => listModels(options) },
    },
    accounting,
    answers: [
      ...(hasRouter ? ['OpenRouter (author/model)'] : []),
      ...vendors.map(({ label, name }) => `${label} (${name}:model)`),
    ],
  };
}

function nobody(): OrxError {
  return new OrxError('serve has nobody to ask: there is no key', {
    kind: 'authentication',
    code: 'no-key',
    hints: [
      'log in with: orx auth login — or store the key of a vendor: orx vendors add anthropic',
      'without a key: orx serve --sandbox serves a simulated API',
    ],
  });
}
