import type { ConnectionSettings } from '../core/settings/groups.ts';
import type { AnswerStore } from '../core/answer-cache/cached.ts';
import type { ExpectationServices } from '../core/evaluation/expectations/evaluate-case.ts';
import type { ReadingChoices } from '../core/evaluation/dataset/source.ts';
import type { EvaluationFile } from '../core/evaluation/test-case.ts';
import type { SettingLayer } from '../core/settings/layers.ts';
import type { SelectedProfile } from '../core/settings/profiles.ts';
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
import type { KeptList } from '../storage/kept-list.ts';
import type { Conversations } from '../storage/conversations/conversations.ts';
import type { Journal, JournalOptions } from '../storage/journal/journal.ts';
import type { DecisionStore } from '../storage/decisions/decision-file.ts';
import type { LedgerEntry } from '../storage/ledger/entry.ts';
import type { Ledger } from '../storage/ledger/ledger.ts';
import type { LedgerWriter } from '../storage/ledger/writer/ledger-writer.ts';
import type { FileBudgets } from '../storage/ledger/budgets/file-budgets.ts';
import type { Keychain } from '../core/settings/keys/keychain.ts';
import type { ModelLimit } from '../storage/limits/shared-limits.ts';
import type { MatrixRuns } from '../storage/matrix/runs.ts';
import type { Market } from '../storage/market/market.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { LogReplica, SharedLog } from '../storage/shared-log.ts';
import type { TemplateStore } from '../storage/templates.ts';
import type { PromptServices } from './prompt-services.ts';
import type { DoctorServices } from '../core/doctor/services.ts';
import type { LoginServices } from '../core/setup/login-services.ts';
import type { SessionServices } from './session-services.ts';
import type { ToolServices } from './tool-services.ts';

/** The process's streams for commands. Only cli/ accesses `process`. */
export interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** Time, as an argument: the wall clock in milliseconds since 1970, and a monotonic clock for durations. */
export interface Clock {
  now: () => number;
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A catalog and its origin. */
export type CatalogueReading = StoredReading<Catalogue>;

export interface CatalogueOptions extends ReadingOptions {
  /**
   * Whose models to read. Default: those of OpenRouter and of the vendors that can be used; without OpenRouter's if only a vendor
   * has a key. For a vendor without a key, the models of orx's built-in list.
   */
  scope?: CatalogueScope | undefined;
}

/** What every command receives: created once in cli/context.ts. Loads nothing heavy until it is needed. */
export interface Context {
  terminal: Terminal;
  lifetime: Lifetime;
  files: Files;
  stores: Stores;
  apis: Apis;
  tools: Tools;
  /** Opens what looks at the machine and the network, for `orx doctor`. */
  openDoctorServices: () => Promise<DoctorServices>;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
}

/** The three streams, and the user at the terminal. */
export interface Terminal {
  streams: Streams;
  /** Returns the theme of a stream, from --theme, the stored setting, the stream and the environment. */
  themeOf: (stream: { isTTY?: boolean }) => Theme;
  /** --screen-reader or its stored setting: plain lines, without drawing or animation. */
  isScreenReader: boolean;
  /** Keys in use, so that no error shows them: output/text/error.ts. Grows as settings are read. */
  secrets: readonly string[];
  /**
   * Reads piped input as text; undefined if standard input is a terminal or empty. With words on the command line, does not wait
   * for silent input (with a notice), unless one of the words is `-`; with `silenceMs`, waits for this time and prints no
   * notice. Throws kind `usage` for binary input.
   */
  readStdin: (options: { words: readonly string[]; isQuiet: boolean; silenceMs?: number }) => Promise<string | undefined>;
  /**
   * Asks for a line at a terminal, with editing and history; lines pasted together are one answer. `begun` (one line) is the
   * initial text. Undefined: Ctrl-D or Ctrl-C.
   */
  askLine: (prompt: string, begun?: string) => Promise<string | undefined>;
  /** Opens the services of an interactive session. */
  openSessionServices: () => Promise<SessionServices>;
}

/** What ends a command, and background work. */
export interface Lifetime {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP; a second Ctrl-C ends the process. */
  interrupt: AbortSignal;
  /** Prepares the process for a server that runs until it is stopped. Call it before the first connection is opened. */
  serve: () => void;
  /**
   * Prepares the process for this number of answers that are alike. Call it after the first of them. Returns a function to call after
   * the last one.
   */
  handleMany: (answers: number) => () => void;
  /**
   * Prepares the process for a long answer. Call it when what the answer needs is loaded. Returns a function to call before more of the
   * program is loaded, and at the end.
   */
  answerLong: () => () => void;
  /** Lets the process take less memory, until it keeps a lot of data. Call it, and the function that it returns, as for `answerLong`. */
  saveMemory: () => () => void;
  /** From now on, SIGHUP runs this work instead of ending the command. */
  onHangup: (work: () => void) => void;
  /**
   * Runs work that Ctrl-C stops without ending the command. The first Ctrl-C aborts `signal` instead of `interrupt`; a second one
   * aborts `skipLookUps`, which skips the remaining lookups. Keys typed at a terminal meanwhile are not echoed; the next askLine
   * starts with them.
   */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /**
   * Does what Ctrl-C does, for a screen that reads the keyboard itself: the first call stops the current work, the second ends
   * the process.
   */
  pressCtrlC: () => void;
  /** Suspends the process, for a screen that reads the keyboard itself. */
  jobControl: JobControl;
  /** Runs work in the background. Its signal aborts it when the command ends; it never delays or fails the command. */
  meanwhile: (work: (signal: AbortSignal) => Promise<void>) => void;
  /**
   * Registers work to do before the process ends because the reader of its output is gone. A command that has registered such
   * work is stopped in an orderly way; others end at once.
   */
  whenUnread: (work: () => Promise<void>) => void;
}

/** Files that the user names, and other sources of prompts. */
export interface Files {
  /** Returns the entries of a file that `orx ledger export` has written, or of standard input: cli/files/read-ledger-file.ts. */
  readLedgerFile: (path: string | undefined) => Promise<Iterable<LedgerEntry>>;
  /**
   * Yields the lines of a file, or of standard input, as they arrive; ends when the signal is aborted. Throws kind `usage` for a
   * file that cannot be read, and for what is not UTF-8.
   */
  streamLines: (path: string | undefined, signal: AbortSignal) => AsyncIterable<readonly string[]>;
  /** Returns a file's text. Throws kind `usage`, with the reason, if it is not a file, not text, or larger than 64 MB. */
  readFileText: (path: string) => Promise<string>;
  /**
   * Returns a file's bytes, or those of standard input for `-`. Throws kind `usage`, with the reason, if it is not a file or larger
   * than 128 MB.
   */
  readBytes: (path: string) => Promise<Uint8Array>;
  /** Returns width and height of an image file. Throws kind `usage`, with the reason, for anything else. */
  readImageSize: (path: string) => Promise<ImageSize>;
  /**
   * Returns the models of a saved catalog (a body of `GET /models`); undefined if the file does not exist. Throws kind `usage` if
   * it cannot be read or is not a catalog.
   */
  readCatalogueFile: (path: string) => Promise<readonly Model[] | undefined>;
  /** Calls back when a file changes or is replaced. Returns a function that stops watching. */
  watchFile: (path: string, onChange: () => void) => () => void;
  /**
   * Reads a file or folder with prompts once, and returns what it contains. Throws kind `usage` for one that cannot be read at all.
   */
  openEvaluation: (path: string, options: EvaluationOptions) => Promise<EvaluationFile>;
  /** Returns the absolute path of the project: the nearest folder upwards that is a repository, else the working folder. */
  projectFolder: (from?: string) => string;
  /** Opens the services that build prompts and store answers, with the files, network, editor and clipboard of this process. */
  openPromptServices: (settings: ConnectionSettings) => Promise<PromptServices>;
}

/** How a file with prompts is read. */
export interface EvaluationOptions extends ReadingChoices {
  /** As `TextDecoder` names it. Default: UTF-8, or UTF-16 if the file has its byte order mark. */
  encoding?: string | undefined;
  /** The folder whose files it may refer to. Default: its own. */
  below?: string | undefined;
}

/** The data that orx stores on this machine. */
export interface Stores {
  /**
   * Returns the settings in force, from the given flags (only those that the user typed), the layers directly below them, the
   * environment, the project file, the profile, the file and the defaults. Throws a usage error for an unknown profile.
   */
  resolveSettings: (flags: Readonly<Record<string, unknown>>, ...below: readonly SettingLayer[]) => ResolvedSettings;
  /** Returns the path of the project file, if the user has not yet been told about it, or about its present content; remembers that. */
  noteProjectFile: () => Promise<string | undefined>;
  /** Returns the stored profiles by name, with their values, which may be secret, and the selected one, which may not exist. */
  profiles: () => { selected: SelectedProfile; stored: ReadonlyMap<string, Readonly<Record<string, unknown>>> };
  /** Returns the vendors that the user stored. Throws a usage error for an entry that cannot be read. */
  vendorEntries: () => VendorEntries;
  /** Opens the stored settings for changes: loads conf. */
  openSettings: () => Promise<SettingsStore>;
  /** The keychain of the system. Nothing is loaded before it is used. */
  keychain: Keychain;
  /** Returns the account under which the keychain has the key of the stored settings, a profile or a vendor. */
  keychainAccount: (of: { profile?: string | undefined } | { vendor: string }) => string;
  /** Opens the user's templates. */
  openTemplates: () => Promise<TemplateStore>;
  /** Returns an id for a stored item. Ids sort by time: core/ledger/entry-id.ts. */
  newId: () => string;
  /**
   * Returns the stores of one connection: the sandbox has its own. Each database is opened once and closed when the command ends.
   */
  for: (settings: StoreScope) => ConnectionStores;
}

/** The settings that select the databases. */
export type StoreScope = Pick<ConnectionSettings, 'sandbox' | 'base-url'>;

/** The databases of a connection. Opening a damaged one prints a warning on standard error, even with -q. */
export interface ConnectionStores {
  openLedger: (options?: OpenOptions) => Promise<Ledger>;
  /**
   * Creates a journal for the requests of this command, which are then sent before a database is opened. Undefined if the databases
   * must be opened first: there may be budgets, or the journal cannot be written.
   */
  openJournal: (uses: JournalOptions['uses']) => Promise<Journal | undefined>;
  /** Returns whether the ledger certainly has no budgets, without loading SQLite. */
  hasNoBudgets: () => Promise<boolean>;
  /**
   * Opens a writer of the same ledger on its own thread, for a server. When the command ends, all pending writes finish and the
   * writer is closed.
   */
  openLedgerWriter: (onProblem: (error: unknown) => void) => Promise<LedgerWriter>;
  /** Opens a writer of the same ledger that writes many requests in one transaction. It is closed when the command ends. */
  openGroupedWriter: (onProblem: (error: unknown) => void) => Promise<Omit<LedgerWriter, 'written'>>;
  /** Returns whether the ledger has budgets or may have some: also true if it cannot be opened. */
  mayHaveBudgets: () => Promise<boolean>;
  openConversations: (options?: OpenOptions) => Promise<Conversations>;
  /** Keys of the gateway's clients. */
  openClientKeys: () => Promise<ClientKeyStore>;
  /** Opens the log by which gateways with the same client keys count requests together. It is closed when the command ends. */
  openLimitLog: () => Promise<(replica: LogReplica) => SharedLog>;
  /** The budgets that configuration files of the gateway set in the ledger. */
  openFileBudgets: () => Promise<FileBudgets>;
  /** Answers that a gateway can return again. `onFailure` is called for each answer that cannot be stored. */
  openAnswers: (options: {
    place: 'memory' | 'disk';
    keptMs: number;
    onFailure?: ((error: Error) => void) | undefined;
  }) => Promise<AnswerStore>;
  /** Votes of people and verdicts of judges. */
  openDecisions: () => Promise<DecisionStore>;
  /** Journals of `orx compare --prompts`. */
  openMatrixRuns: () => Promise<MatrixRuns>;
  /** Past catalogs. */
  openMarket: (options?: OpenOptions) => Promise<Market>;
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

export interface Tools {
  /** Opens the tools of servers and files once. When the command ends, their connections and processes are ended. */
  open: (settings: ConnectionSettings) => Promise<ToolServices>;
  /** Returns what runs scripts and regular expressions from the user's files, with limits. */
  openScripts: () => Promise<Pick<ExpectationServices, 'runScript' | 'withinTime'>>;
}

export interface OpenOptions {
  /**
   * Reads the whole file first, so that no damage is missed: for a command whose result is the file's content. `if-small`: only
   * if that is fast.
   */
  isThorough?: boolean | 'if-small' | undefined;
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
