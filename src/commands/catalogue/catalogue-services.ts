import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { requireVendor } from '../../core/vendors/resolve-vendor.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import type { CatalogueOptions, CatalogueReading } from '../context/apis.ts';

/** Looks up names in the catalog. Reads it once, on first use. */
export class CatalogueServices {
  #reading: CatalogueReading | undefined;
  readonly #settings: ConnectionSettings;
  readonly #context: Context;

  constructor(settings: ConnectionSettings, context: Context) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Returns whether a vendor of that name exists. */
  hasVendor(name: string): boolean {
    return this.#context.apis
      .for(this.#settings)
      .vendors()
      .some((vendor) => vendor.name === name);
  }

  /** Throws kind `no-endpoint` for an unknown vendor. */
  requireVendor(name: string): void {
    requireVendor(name, this.#context.stores.vendorEntries(), this.#context.env);
  }

  /** Returns the models of the stored copy, whatever its age; without a copy, those of the API. */
  async models(options: CatalogueOptions = {}): Promise<readonly Model[]> {
    this.#reading ??= await this.#read({ preferStored: true, ...options });
    return this.#reading.catalogue.models;
  }

  /** Returns no models if the catalog is not available. */
  async modelsIfAny(options?: CatalogueOptions): Promise<readonly Model[]> {
    try {
      return await this.models(options);
    } catch {
      return [];
    }
  }

  /** Returns current models. Unless the last reading came from the API, reads again: a fresh stored copy, else the API. */
  async newerModels(): Promise<readonly Model[]> {
    if (this.#reading?.ageMs !== 0) this.#reading = await this.#read({});
    return this.#reading.catalogue.models;
  }

  #read(options: CatalogueOptions): Promise<CatalogueReading> {
    return this.#context.apis.for(this.#settings).readCatalogue({ signal: this.#context.lifetime.interrupt, ...options });
  }
}
