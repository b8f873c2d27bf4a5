import type { Model } from '../../apis/catalogue.ts';
import type { GatewaySetup } from '../../core/gateway-config/build.ts';
import { priceModels } from '../../core/gateway-config/price-models.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { PRICES_KEPT_MS, remember, rememberLoaded } from '../../core/remember.ts';
import type { VendorEntries } from '../../core/vendors/vendor-entry.ts';
import type { ServeOptions } from './options.ts';
import type { Context } from '../context.ts';
import type { ApiServices } from '../context/apis.ts';

/** How long stored data is cached: one request reads it several times. */
const STORED_MS = 1000;

/** The APIs of the connection, with the vendors and prices of a configuration that may change. */
export interface ConfiguredApis {
  apis: ApiServices;
  /** The context with these APIs, for code that opens them from there. */
  context: Context;
  /** Returns what is known about a model. Never rejects. */
  findModel: (name: string) => Model | undefined | Promise<Model | undefined>;
  /** Returns the vendors that there would be with another configuration. */
  vendorsWith: (setup: GatewaySetup | undefined) => ReturnType<ApiServices['vendors']>;
  /** Applies a new configuration. */
  use: (setup: GatewaySetup | undefined) => void;
}

export function configuredApis(
  settings: ServeOptions['settings'],
  base: Context,
  first: GatewaySetup | undefined,
): ConfiguredApis {
  let setup = first;
  const lookUp = async (name: string): Promise<Model | undefined> => {
    const reading = await apis.readCatalogue({ preferStored: true, scope: scopeOf([name]) }).catch(() => undefined);
    return findListed(name, reading?.catalogue.models ?? priceModels([], setup?.prices ?? new Map()));
  };
  const { monotonic } = base.clock;
  const entriesWith = (one: GatewaySetup | undefined): VendorEntries =>
    new Map([...base.stores.vendorEntries(), ...(one?.vendors ?? [])]);
  const keep = () => ({
    entries: remember(() => entriesWith(setup), STORED_MS, monotonic),
    models: rememberLoaded(lookUp, PRICES_KEPT_MS, monotonic),
  });
  let kept = keep();
  const services = (asked: ServeOptions['settings']): ApiServices => {
    const own = base.apis.for(asked, { vendorEntries: () => kept.entries('') });
    return {
      ...own,
      async readCatalogue(options) {
        const reading = await own.readCatalogue(options);
        const models = priceModels(reading.catalogue.models, setup?.prices ?? new Map());
        return { ...reading, catalogue: { ...reading.catalogue, models } };
      },
    };
  };
  const apis = services(settings);
  return {
    apis,
    context: { ...base, apis: { ...base.apis, for: (asked) => services(asked as ServeOptions['settings']) } },
    findModel: (name) => kept.models(name),
    vendorsWith: (next) => base.apis.for(settings, { vendorEntries: () => entriesWith(next) }).vendors(),
    use(next) {
      setup = next;
      kept = keep();
    },
  };
}
