import type { Api } from '../../apis/api.ts';
import type { Catalogue, EndpointList, ZdrEndpointList } from '../../apis/catalogue.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import type { VendorApi } from '../../apis/direct/vendor-api.ts';
import type { CatalogueScope } from '../../core/model-id/catalogue-scope.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { LoginServices } from '../../core/setup/login-services.ts';
import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';
import type { VendorEntries } from '../../core/vendors/vendor-entry.ts';
import type { GuardOptions } from '../../gateway/guard.ts';
import type { ListenOptions } from '../../gateway/listen.ts';
import type { Gateway, GatewayOptions } from '../../gateway/start-gateway.ts';
import type { ReadingOptions, StoredReading } from '../../storage/catalogue-cache.ts';
import type { KeptList } from '../../storage/kept-list.ts';
import type { ModelLimit } from '../../storage/limits/shared-limits.ts';

/** A catalog and its origin. */
export type CatalogueReading = StoredReading<Catalogue>;

export interface CatalogueOptions extends ReadingOptions {
  /**
   * Whose models to read. Default: those of OpenRouter and of the vendors that can be used; without OpenRouter's if only a vendor
   * has a key. For a vendor without a key, the models of orx's built-in list.
   */
  scope?: CatalogueScope | undefined;
}

/** The APIs that the settings name, and the one that orx serves itself. */
export interface Apis {
  /** Returns the services of one connection. Each connection is opened once and closed when the command ends. */
  for: (settings: ConnectionSettings, own?: OwnVendors) => ApiServices;
  /** Starts the simulated API as a server that keeps the process running. Throws kind `usage` if the port (0: any) is taken. */
  startSandbox: (options: SandboxStart) => Promise<Gateway>;
  /**
   * Starts a server on this machine for an API; it keeps the process running. Throws kind `usage` if the port (0: any) is taken.
   */
  startGateway: (options: GatewayStart) => Promise<Gateway>;
}

/** Vendors that replace the stored ones. */
export interface OwnVendors {
  vendorEntries?: (() => VendorEntries) | undefined;
}

/** One API (or the sandbox), and the stored copies of its responses. */
export interface ApiServices {
  /**
   * Opens OpenRouter and the vendors of direct models: each request goes where its model belongs. With `requireKey`, throws kind
   * `authentication` if a provider of these models has no key; without models, if OpenRouter has none.
   */
  open: (options?: { requireKey?: boolean; models?: readonly string[] }) => Promise<Api>;
  /**
   * Begins the connection over which a request for this model will go, and does nothing if that is not certain. Its failure is not
   * reported: the request connects again.
   */
  connectAhead: (model: string) => Promise<void>;
  /**
   * Returns what orx has learned about the request limits of a model, from all processes on this machine. Undefined for a model without limits: the
   * sandbox has none.
   */
  openLimits: () => Promise<(model: string) => ModelLimit | undefined>;
  /** Opens one vendor. Throws kind `authentication` if it needs a key and has none. */
  openVendor: (vendor: ConfiguredVendor) => Promise<VendorApi>;
  /** Returns all vendors with the configuration of this machine. Throws a usage error for a stored one that cannot be read. */
  vendors: () => readonly ConfiguredVendor[];
  openLogin: () => Promise<LoginServices>;
  readCatalogue: (options?: CatalogueOptions) => Promise<CatalogueReading>;
  /**
   * Returns the kept list of the catalog that `readCatalogue` would return from a fresh copy, and the age of the copy. Undefined without a kept
   * list, and for a catalog with models of vendors. `maker`: all that the text depends on besides the catalog.
   */
  readKeptList: (maker: string) => Promise<(KeptList & { ageMs: number }) | undefined>;
  /** Keeps a list of a stored copy for later commands. */
  keepList: (maker: string, fetchedAt: number, list: KeptList) => void;
  /**
   * Returns the endpoints of one model (an id of the API), stored like the catalog, for ten minutes. Throws kind `no-endpoint`
   * for a model that the API does not know, and the API's error if there is no copy.
   */
  readEndpoints: (model: string, options?: CatalogueOptions) => Promise<StoredReading<EndpointList>>;
  /** Returns the zero-retention endpoints of all models, stored for an hour. Throws the API's error if there is no copy. */
  readZdrEndpoints: (options?: CatalogueOptions) => Promise<StoredReading<ZdrEndpointList>>;
}

/** Options that do not depend on the API behind the server. */
type ServedGateway = Pick<GatewayOptions, 'observers' | 'metrics' | 'keepsContent' | 'clients' | 'findStored'> &
  ListenOptions &
  GuardOptions;

export interface SandboxStart extends ServedGateway {
  /** Wraps the stream of every served completion. */
  wrap?: ((stream: StreamCompletion) => StreamCompletion) | undefined;
  /** Wraps embeddings and rankings, as completions that no cache may answer. */
  record?: ((stream: StreamCompletion) => StreamCompletion) | undefined;
}

export interface GatewayStart extends ServedGateway {
  api: Api;
  /** Returns whether a vendor may be asked for a name. */
  asksVendor?: ((model: string) => boolean) | undefined;
  /** Returns whether any provider can be used. Default: yes. */
  isReady?: (() => boolean) | undefined;
}
