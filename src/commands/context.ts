import type { ConnectionSettings } from '../core/settings/groups.ts';
import type { AnswerStore } from '../core/answer-cache/cached.ts';
import type { SettingLayer } from '../core/settings/layers.ts';
import type { ResolvedSettings } from '../core/settings/settings.ts';
import type { CatalogueScope } from '../core/model-id/catalogue-scope.ts';
import type { ConfiguredVendor } from '../core/vendors/resolve-vendor.ts';
import type { VendorEntries } from '../core/vendors/vendor-entry.ts';
import type { ImageSize } from '../core/tokens/image-tokens.ts';
import type { ClientKeyStore } from '../storage/client-keys.ts';
import type { GuardOptions } from '../gateway/guard.ts';
import type { ListenOptions } from '../gateway/listen.ts';
import type { Gateway, GatewayOptions } from '../gateway/start-gateway.ts';
import type { Theme } from '../output/text/theme.ts';
import type { JobControl } from '../ui/screen/job-control.ts';
import type { Catalogue, EndpointList, Model, ZdrEndpointList } from '../apis/catalogue.ts';
import type { StreamCompletion } from '../apis/completion.ts';
import type { Api } from '../apis/api.ts';
import type { VendorApi } from '../apis/direct/vendor-api.ts';
import type { ReadingOptions, StoredReading } from '../storage/catalogue-cache.ts';
import type { Conversations } from '../storage/conversations/conversations.ts';
import type { Ledger } from '../storage/ledger/ledger.ts';
import type { LedgerWriter } from '../storage/ledger/writer/ledger-writer.ts';
import type { Market } from '../storage/market/market.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { TemplateStore } from '../storage/templates.ts';
import type { PromptServices } from './prompt-services.ts';
import type { LoginServices } from './login-services.ts';
import type { SessionServices } from './session-services.ts';
import type { ToolServices } from './tool-services.ts';

/** The process's streams as a command may use them. Only cli/ knows `process`. */
export interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** Time, as an argument: wall clock in milliseconds since 1970, and a monotonic one for durations. */
export interface Clock {
  now: () => number;
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A catalogue and where it came from. */
export type CatalogueReading = StoredReading<Catalogue>;

export interface CatalogueOptions extends ReadingOptions {
  /**
   * Whose models. Default: those of OpenRouter and of the vendors that can be asked, without OpenRouter's where there is no key for it and one
   * for a vendor. The models of a vendor without a key are those that orx knows prices of.
   */
  scope?: CatalogueScope | undefined;
}

/** What every command is given: made once in cli/context.ts, nothing heavy loaded until it is asked for. */
export interface Context {
  terminal: Terminal;
  lifetime: Lifetime;
  files: Files;
  stores: Stores;
  apis: Apis;
  tools: Tools;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
}

/** The three streams, and the person who may sit in front of them. */
export interface Terminal {
  streams: Streams;
  /** The theme of one of the streams: from --theme, what is stored for it, and what the stream and the environment say. */
  themeOf: (stream: { isTTY?: boolean }) => Theme;
  /** --screen-reader, or what is stored for it: plain lines, nothing is drawn and nothing moves. */
  isScreenReader: boolean;
  /** Keys in use, so that no error shows one: output/text/error.ts. Grows as settings are read. */
  secrets: readonly string[];
  /**
   * What was piped in, as text; undefined when standard input is a terminal or holds nothing. With words on the command line an input
   * that stays silent is not waited for (a notice says so), unless one of the words is `-`; with `silenceMs` no longer than that, and
   * without a notice. Throws kind `usage` for binary input.
   */
  readStdin: (options: { words: readonly string[]; isQuiet: boolean; silenceMs?: number }) => Promise<string | undefined>;
  /**
   * Asks for a line at a terminal, with editing and history; lines pasted together are one answer. `begun` (one line) stands there already.
   * Undefined: Ctrl-D, or Ctrl-C.
   */
  askLine: (prompt: string, begun?: string) => Promise<string | undefined>;
  /** The process as an interactive session uses it. */
  openSessionServices: () => Promise<SessionServices>;
}

/** What ends a command, and what goes on beside it. */
export interface Lifetime {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP; a second Ctrl-C ends the process. */
  interrupt: AbortSignal;
  /** Prepares the process for a server that runs until it is stopped. To be called before it opens a connection. */
  serve: () => void;
  /** From now on SIGHUP does this work instead of ending the command. */
  onHangup: (work: () => void) => void;
  /**
   * Runs work that Ctrl-C stops without ending the command: its signal is aborted instead of `interrupt`, and `skipLookUps` by a second
   * Ctrl-C, which leaves out what could still be done about it. What is typed at a terminal meanwhile is not echoed and stands in the next
   * askLine.
   */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /** What Ctrl-C does, for a screen that reads the keyboard itself: the first call stops what runs, the second ends the process. */
  pressCtrlC: () => void;
  /** Suspending the process, for a screen that reads the keyboard itself. */
  jobControl: JobControl;
  /**
   * Work that is done while the command runs, and broken off by its signal when the command ends; it never delays or fails the command.
   */
  meanwhile: (work: (signal: AbortSignal) => Promise<void>) => void;
  /**
   * Work that is done before the process ends because nobody reads its output any more. A command that has given such work is stopped in an
   * orderly way then; others end at once.
   */
  whenUnread: (work: () => Promise<void>) => void;
}

/** Files that the user names, and what else a prompt is made of. */
export interface Files {
  /** The lines of a file, or of standard input: storage/files/read-lines.ts. */
  readLines: (path: string | undefined) => Iterable<string>;
  /** A file's text. Throws kind `usage`, with the reason, for what is no file, not text, or larger than 64 MB. */
  readFileText: (path: string) => Promise<string>;
  /** Width and height of an image in a file. Throws kind `usage`, with the reason, for anything else. */
  readImageSize: (path: string) => Promise<ImageSize>;
  /**
   * The models of a saved catalogue (a body of `GET /models`); undefined when there is no such file. Throws kind `usage` when it cannot be
   * read or is none.
   */
  readCatalogueFile: (path: string) => Promise<readonly Model[] | undefined>;
  /** Calls back when a file changes, also when another one takes its place; returns what ends that. */
  watchFile: (path: string, onChange: () => void) => () => void;
  /** Absolute folder that the work belongs to: the nearest above that is a repository, else the working folder itself. */
  projectFolder: (from?: string) => string;
  /** What prompts are made of and answers leave behind, in the files, network, editor and clipboard of this process. */
  openPromptServices: (settings: ConnectionSettings) => Promise<PromptServices>;
}

/** What orx stores on this machine. */
export interface Stores {
  /** Settings in force: the given flags (only those the user typed), the layers right below them, environment, file and defaults. */
  resolveSettings: (flags: Readonly<Record<string, unknown>>, ...below: readonly SettingLayer[]) => ResolvedSettings;
  /** What the user stored of vendors. Throws a usage error for an entry that cannot be read. */
  vendorEntries: () => VendorEntries;
  /** Stored settings, for changing them: loads conf. */
  openSettings: () => Promise<SettingsStore>;
  /** The user's templates. */
  openTemplates: () => Promise<TemplateStore>;
  /** An id for what is stored, which sorts by time: core/ledger/entry-id.ts. */
  newId: () => string;
  /** What is stored of one connection: the sandbox has its own. Each database is opened once and closed when the command ends. */
  for: (settings: StoreScope) => ConnectionStores;
}

/** The settings that decide which databases are meant. */
export type StoreScope = Pick<ConnectionSettings, 'sandbox' | 'base-url'>;

/** The databases of a connection. Whoever opens a damaged one says so on standard error, also with -q. */
export interface ConnectionStores {
  openLedger: (options?: OpenOptions) => Promise<Ledger>;
  /** Writes the same ledger on a thread of its own: for a server. Closed, with all that was to be written, when the command ends. */
  openLedgerWriter: (onProblem: (error: unknown) => void) => Promise<LedgerWriter>;
  /** Whether the ledger has budgets, or may have: also when it cannot be opened. */
  mayHaveBudgets: () => Promise<boolean>;
  openConversations: (options?: OpenOptions) => Promise<Conversations>;
  /** Keys of the gateway's clients. */
  openClientKeys: () => Promise<ClientKeyStore>;
  /** Answers that a gateway may give again. */
  openAnswers: (options: { place: 'memory' | 'disk'; keptMs: number }) => Promise<AnswerStore>;
  /** Past catalogues. */
  openMarket: (options?: OpenOptions) => Promise<Market>;
}

/** Who answers: the APIs that settings name, and the one that orx serves itself. */
export interface Apis {
  /** What is asked of one connection: the same connection is opened once, and closed when the command ends. */
  for: (settings: ConnectionSettings, own?: OwnVendors) => ApiServices;
  /** The simulated API as a server that keeps the process running. Throws kind `usage` when the port (0: any) is taken. */
  startSandbox: (options: SandboxStart) => Promise<Gateway>;
  /** An API as a server on this machine that keeps the process running. Throws kind `usage` when the port (0: any) is taken. */
  startGateway: (options: GatewayStart) => Promise<Gateway>;
}

/** Vendors in place of those that the user stored. */
export interface OwnVendors {
  vendorEntries?: (() => VendorEntries) | undefined;
}

/** One API (or the sandbox), and what was stored of its answers. */
export interface ApiServices {
  /**
   * OpenRouter, and the vendors of direct models: a request goes where its model says. With `requireKey` it throws kind `authentication` when
   * there is no key for those who are asked for these models; without models, when there is none for OpenRouter.
   */
  open: (options?: { requireKey?: boolean; models?: readonly string[] }) => Promise<Api>;
  /** One vendor. Throws kind `authentication` when it needs a key and there is none. */
  openVendor: (vendor: ConfiguredVendor) => Promise<VendorApi>;
  /** All vendors as they are asked on this machine. Throws a usage error for a stored one that cannot be read. */
  vendors: () => readonly ConfiguredVendor[];
  openLogin: () => Promise<LoginServices>;
  readCatalogue: (options?: CatalogueOptions) => Promise<CatalogueReading>;
  /**
   * The endpoints of one model (an id as the API knows it), stored as the catalogue is, for ten minutes. Throws kind `no-endpoint` for
   * a model that the API does not know, and the API's error when there is no copy.
   */
  readEndpoints: (model: string, options?: CatalogueOptions) => Promise<StoredReading<EndpointList>>;
  /** The endpoints of all models that retain nothing of a prompt, stored for an hour. Throws the API's error when there is no copy. */
  readZdrEndpoints: (options?: CatalogueOptions) => Promise<StoredReading<ZdrEndpointList>>;
}

export interface Tools {
  /** Tools of servers and files. Opened once; what it has connected or started is ended with the command. */
  open: (settings: ConnectionSettings) => Promise<ToolServices>;
}

export interface OpenOptions {
  /**
   * All of the file is read first, so that no damage stays unseen: for a command whose result is what the file holds. `if-small`: only where
   * that takes no more than a moment.
   */
  isThorough?: boolean | 'if-small' | undefined;
}

/** What is the same whoever answers. */
type ServedGateway = Pick<GatewayOptions, 'observers' | 'metrics' | 'keepsContent' | 'clients'> & ListenOptions & GuardOptions;

export interface SandboxStart extends ServedGateway {
  /** What every completion that is served goes through. */
  wrap?: ((stream: StreamCompletion) => StreamCompletion) | undefined;
}

export interface GatewayStart extends ServedGateway {
  api: Api;
  /** Whether a vendor may be asked for a name. */
  asksVendor?: ((model: string) => boolean) | undefined;
  /** Whether anybody can be asked. Default: yes. */
  isReady?: (() => boolean) | undefined;
}
