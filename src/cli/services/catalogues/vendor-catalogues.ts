import type { Catalogue, Model } from '../../../apis/catalogue.ts';
import type { ListedModel } from '../../../apis/dialect.ts';
import { bundledPrices } from '../../../apis/prices/bundled.ts';
import { directModels, type PriceSources } from '../../../apis/prices/direct-models.ts';
import { parseDirectId } from '../../../apis/direct-id.ts';
import { findListed } from '../../../core/models/find-listed.ts';
import { loadDialect } from '../../../apis/direct/dialects.ts';
import type { ConfiguredVendor } from '../../../core/vendors/resolve-vendor.ts';
import { readCatalogue, type ReadingOptions, type StoredReading } from '../../../storage/catalogue-cache.ts';
import { readPriceFile } from '../../../storage/price-file.ts';

/** Vendors add models less often than OpenRouter, and each list needs a request. In milliseconds. */
const FRESH_FOR_MS = 60 * 60 * 1000;

export interface VendorCatalogues {
  /**
   * Returns the models of a vendor with their prices. Uses the stored list if it suffices. Without one, and when requests are not
   * allowed or `preferStored` is set, returns the models of the bundled price table. Adds missing models of `direct`, because a
   * list need not contain every alias. Throws the vendor's error when there is no copy.
   */
  read: (vendor: ConfiguredVendor, options: ReadingOptions, direct?: readonly string[]) => Promise<StoredReading<Catalogue>>;
}

interface Parts {
  /** The folder for data that can be fetched again. */
  cache: string;
  /** The folder of the user's price file. */
  config: string;
  now: () => number;
  writeBehind: (write: Promise<void>) => void;
  /** Fetches the vendor's list, as it came. */
  fetch: (vendor: ConfiguredVendor, signal: AbortSignal | undefined) => Promise<string>;
  /** Returns the stored OpenRouter catalogue of any age. It is never fetched for the prices of other vendors. */
  storedCatalogue: () => Promise<PriceSources['catalogue']>;
}

export function createVendorCatalogues(parts: Parts): VendorCatalogues {
  let sources: Promise<PriceSources> | undefined;
  const readSources = async (): Promise<PriceSources> => ({
    file: readPriceFile(parts.config),
    table: bundledPrices(),
    catalogue: await parts.storedCatalogue(),
  });
  return {
    async read(vendor, options, direct = []) {
      const [known, dialect] = await Promise.all([(sources ??= readSources()), loadDialect(vendor.dialect)]);
      const modelsOf = (listed: readonly ListedModel[]): Model[] => directModels(vendor, listed, known);
      const decode = (body: string): Catalogue => ({ models: modelsOf(dialect.models.decode(body)), body });
      const isEnough = options.preferStored === true;
      const withDirect = (reading: StoredReading<Catalogue>): StoredReading<Catalogue> => {
        const { models, body } = reading.catalogue;
        const own = direct.filter((id) => parseDirectId(id)?.vendor === vendor.name && findListed(id, models) === undefined);
        const added = modelsOf(own.map((id) => ({ id: parseDirectId(id)!.model })));
        return { ...reading, catalogue: { models: [...models, ...added], body } };
      };
      try {
        const reading = await readCatalogue({
          ...options,
          offline: options.offline === true || isEnough,
          folder: parts.cache,
          kind: 'vendor',
          freshForMs: FRESH_FOR_MS,
          source: `${vendor.name} ${vendor.baseUrl}`,
          fetch: async (signal) => decode(await parts.fetch(vendor, signal)),
          decode,
          now: parts.now,
          writeBehind: parts.writeBehind,
        });
        return isEnough ? withDirect(reading) : reading;
      } catch (error) {
        const named = modelsOf(
          known.table.entries.filter((row) => row.vendor === vendor.name).map(({ names }) => ({ id: names[0]! })),
        );
        // Without a network, the table still has the prices of the common models.
        if (!(isEnough || options.offline === true)) throw error;
        const ageMs = Math.max(0, parts.now() - Date.parse(known.table.date));
        return withDirect({ catalogue: { models: named, body: '' }, ageMs });
      }
    },
  };
}
