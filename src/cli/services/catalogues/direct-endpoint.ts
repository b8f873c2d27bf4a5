import type { EndpointList, Model } from '../../../apis/catalogue.ts';
import { parseDirectId } from '../../../apis/direct-id.ts';
import { findVendor } from '../../../apis/vendors.ts';
import type { CatalogueReading } from '../../../commands/context/apis.ts';
import type { CatalogueScope } from '../../../core/model-id/catalogue-scope.ts';
import { findListed } from '../../../core/models/find-listed.ts';
import { OrxError } from '../../../errors.ts';
import type { StoredReading } from '../../../storage/catalogue-cache.ts';

/** Returns the single endpoint of a direct model: its vendor. Throws kind `no-endpoint` for an unknown model. */
export async function readDirectEndpoint(
  id: string,
  read: (scope: CatalogueScope) => Promise<CatalogueReading>,
): Promise<StoredReading<EndpointList>> {
  const { vendor } = parseDirectId(id)!;
  const { catalogue, ...facts } = await read({ routed: false, vendors: [vendor] });
  const model = findListed(id, catalogue.models);
  if (model === undefined) throw unknownModel(id, vendor);
  return { catalogue: { endpoints: [endpointOf(model, vendor)], body: '' }, ...facts };
}

function endpointOf(model: Model, vendor: string): EndpointList['endpoints'][number] {
  return {
    providerName: findVendor(vendor)?.label ?? vendor,
    tag: vendor,
    contextLength: model.contextLength,
    maxCompletionTokens: model.maxCompletionTokens,
    pricing: model.pricing,
    supportedParameters: model.supportedParameters,
    wire: model.wire,
  };
}

function unknownModel(id: string, vendor: string): OrxError {
  return new OrxError(`unknown model ${id}`, {
    kind: 'no-endpoint',
    code: 'model-not-found',
    status: 404,
    hints: [`list the models of the vendor: orx models --vendor ${vendor}`],
  });
}
