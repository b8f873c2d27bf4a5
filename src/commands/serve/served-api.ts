import type { Api, CatalogueCapability } from '../../apis/api.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { pipeline } from '../../core/pipeline/pipeline.ts';
import { normalizeRequest } from '../../core/request/replay/normalize-request.ts';
import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError } from '../../errors.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
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
  const stream = pipeline(api, {
    ...context.clock,
    retries: settings.retries,
    random: Math.random,
    record: accounting.wrap,
    async findModel(name) {
      const reading = await apis.readCatalogue({ preferStored: true, scope: scopeOf([name]) }).catch(() => undefined);
      return findListed(name, reading?.catalogue.models ?? []);
    },
  });
  const listModels: CatalogueCapability['listModels'] = async (options) => {
    const { models } = (await apis.readCatalogue({ signal: options?.signal })).catalogue;
    return { models, body: JSON.stringify({ data: models.map(({ wire }) => wire) }) };
  };
  // OpenRouter takes a conversation as its client wrote it; vendors are stricter.
  const streamCompletion: StreamCompletion = (request, options) =>
    stream(isDirect(request.model) ? normalizeRequest(request) : request, options);
  return {
    api: {
      ...api,
      streamCompletion,
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
