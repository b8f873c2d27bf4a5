import type { ConnectionSettings } from '../core/settings/groups.ts';
import { requireVendor } from '../core/vendors/resolve-vendor.ts';
import type { Model } from '../apis/catalogue.ts';
import type { CatalogueOptions, CatalogueReading, Context } from './context.ts';

/** The catalogue for looking up names: read when it is needed, and once. */
export class CatalogueServices {
  #reading: CatalogueReading | undefined;
  readonly #settings: ConnectionSettings;
  readonly #context: Context;

  constructor(settings: ConnectionSettings, context: Context) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Whether there is a vendor of that name. */
  hasVendor(name: string): boolean {
    return this.#context.apis
      .for(this.#settings)
      .vendors()
      .some((vendor) => vendor.name === name);
  }

  /** Throws kind `no-endpoint` where there is none. */
  requireVendor(name: string): void {
    requireVendor(name, this.#context.stores.vendorEntries(), this.#context.env);
  }

  /** Of the stored copy, however old; without one, of the API. */
  async models(options: CatalogueOptions = {}): Promise<readonly Model[]> {
    this.#reading ??= await this.#read({ preferStored: true, ...options });
    return this.#reading.catalogue.models;
  }

  /** None where there is no catalogue to be had. */
  async modelsIfAny(options?: CatalogueOptions): Promise<readonly Model[]> {
    try {
      return await this.models(options);
    } catch {
      return [];
    }
  }

  /** Asks the API where what is at hand is not fresh. */
  async newerModels(): Promise<readonly Model[]> {
    if (this.#reading?.ageMs !== 0) this.#reading = await this.#read({});
    return this.#reading.catalogue.models;
  }

  #read(options: CatalogueOptions): Promise<CatalogueReading> {
    return this.#context.apis.for(this.#settings).readCatalogue({ signal: this.#context.lifetime.interrupt, ...options });
  }
}
