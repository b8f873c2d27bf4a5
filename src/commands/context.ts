import type { ResolvedSettings, Settings } from '../core/settings/settings.ts';
import type { ImageSize } from '../core/tokens/image-tokens.ts';
import type { RequestEntry } from '../gateway/exchange.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import type { Theme } from '../output/text/theme.ts';
import type { Catalogue, EndpointList, Model, ZdrEndpointList } from '../apis/catalogue.ts';
import type { StreamCompletion } from '../apis/completion.ts';
import type { KeyInfo, Api } from '../apis/api.ts';
import type { ReadingOptions, StoredReading } from '../storage/catalogue-cache.ts';
import type { Conversations } from '../storage/conversations/conversations.ts';
import type { Ledger } from '../storage/ledger/ledger.ts';
import type { Market } from '../storage/market/market.ts';
import type { McpFile } from '../storage/mcp-file.ts';
import type { SettingsStore } from '../storage/settings-store.ts';
import type { TrustedFiles } from '../storage/files/trusted-files.ts';
import type { McpConnection } from '../tools/mcp-connection.ts';
import type { McpServer } from '../tools/mcp-server.ts';
import type { Tool } from '../tools/tool.ts';
import type { TemplateStore } from '../storage/templates.ts';
import type { PromptServices } from './prompt-services.ts';
import type { SessionServices } from './session-services.ts';

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

export type CatalogueOptions = ReadingOptions;

/** What every command is given: made once in cli/context.ts, nothing heavy loaded until it is asked for. */
export interface Context {
  streams: Streams;
  env: Readonly<Record<string, string | undefined>>;
  /** Keys in use, so that no error shows one: output/error-text.ts. Grows as settings are read. */
  secrets: readonly string[];
  clock: Clock;
  /** How things look on one of the streams: by --theme, what is stored for it, and what the stream and the environment say. */
  themeOf: (stream: { isTTY?: boolean }) => Theme;
  /** --screen-reader, or what is stored for it: plain lines, nothing is drawn and nothing moves. */
  isScreenReader: boolean;
  /** The lines of a file, or of standard input: storage/read-lines.ts. */
  readLines: (path: string | undefined) => Iterable<string>;
  /** An id that sorts by time: core/entry-id.ts. */
  newId: () => string;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP; a second Ctrl-C ends the process. */
  interrupt: AbortSignal;
  /**
   * Runs work that Ctrl-C stops without ending the run: its signal is aborted instead of `interrupt`, and `hurry` by a second Ctrl-C,
   * which leaves out what could still be done about it. What is typed at a terminal
   * meanwhile is not echoed and stands in the next askLine.
   */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /** What Ctrl-C does, for a screen that reads the keyboard itself: the first call stops what runs, the second ends the process. */
  pressCtrlC: () => void;
  /**
   * What was piped in, as text; undefined when standard input is a terminal or holds nothing. With words on the command line an input
   * that stays silent is not waited for (a notice says so), unless one of the words is `-`; with `silenceMs` no longer than that, and
   * without a notice. Throws kind `usage` for binary input.
   */
  readStdin: (options: { words: readonly string[]; isQuiet: boolean; silenceMs?: number }) => Promise<string | undefined>;
  /** A file's text. Throws kind `usage`, with the reason, for what is no file, not text, or larger than 64 MB. */
  readFileText: (path: string) => Promise<string>;
  /** Width and height of a picture in a file. Throws kind `usage`, with the reason, for anything else. */
  readImageSize: (path: string) => Promise<ImageSize>;
  /** What prompts are made of and answers leave behind, in the files, network, editor and clipboard of this process. */
  openPromptServices: (settings: Settings) => Promise<PromptServices>;
  /** The user's templates. */
  templates: () => Promise<TemplateStore>;
  /**
   * Asks for a line at a terminal, with editing and history; lines pasted together are one answer. `begun` (one line) stands there already.
   * Undefined: Ctrl-D, or Ctrl-C.
   */
  askLine: (prompt: string, begun?: string) => Promise<string | undefined>;
  /** The process as a conversation on a terminal uses it. */
  openSessionServices: () => Promise<SessionServices>;
  /** Settings in force, from the given flags (only those the user typed), environment, file and defaults. */
  resolveSettings: (flags: Readonly<Record<string, unknown>>) => ResolvedSettings;
  /** Stored settings, for changing them: loads conf. */
  settingsStore: () => Promise<SettingsStore>;
  openLogin: (settings: Settings) => Promise<LoginServices>;
  /** Tools of servers and files. One for the whole run; what it has connected or started is ended with the run. */
  openToolServices: (settings: Settings) => Promise<ToolServices>;
  /** The API (or the sandbox) for these settings. With `requireKey` it throws kind `authentication` when there is no key. */
  openApi: (settings: Settings, options?: { requireKey?: boolean }) => Promise<Api>;
  /**
   * The ledger of these settings' API: the sandbox has one of its own. One for the whole run, closed when it ends. Damage is said on standard
   * error, also with -q; so it is by the next two.
   */
  openLedger: (settings: Settings, options?: OpenOptions) => Promise<Ledger>;
  /** Whether the ledger has budgets, or may have: also when it cannot be opened. */
  mayHaveBudgets: (settings: Settings) => Promise<boolean>;
  /** The conversations of these settings' API, kept apart as the ledger is. One for the whole run, closed when it ends. */
  openConversations: (settings: Settings, options?: OpenOptions) => Promise<Conversations>;
  /**
   * Work that is done while the answer of this run is on its way, and broken off by its signal when the run ends; it never delays or fails the
   * run.
   */
  meanwhile: (work: (signal: AbortSignal) => Promise<void>) => void;
  /**
   * Work that is done before the process ends because nobody reads its output any more. A command that has given such work is stopped in an
   * orderly way then; others end at once.
   */
  whenUnread: (work: () => Promise<void>) => void;
  /** Absolute folder that the work belongs to: the nearest above that is a repository, else the working folder itself. */
  projectFolder: (from?: string) => string;
  readCatalogue: (settings: Settings, options?: CatalogueOptions) => Promise<CatalogueReading>;
  /**
   * The endpoints of one model (an id as the API knows it), kept on disk as the catalogue is, for ten minutes. Throws kind `no-endpoint` for
   * a model that the API does not know, and the API's error when there is no copy.
   */
  readEndpoints: (settings: Settings, model: string, options?: CatalogueOptions) => Promise<StoredReading<EndpointList>>;
  /** The endpoints of all models that keep nothing of a prompt, kept on disk for an hour. Throws the API's error when there is no copy. */
  readZdrEndpoints: (settings: Settings, options?: CatalogueOptions) => Promise<StoredReading<ZdrEndpointList>>;
  /**
   * The models of a saved catalogue (a body of `GET /models`); undefined when there is no such file. Throws kind `usage` when it cannot be
   * read or is none.
   */
  readCatalogueFile: (path: string) => Promise<readonly Model[] | undefined>;
  /** Past catalogues of these settings' API. Opened once for the whole run. */
  openMarket: (settings: Settings, options?: OpenOptions) => Promise<Market>;
  /** The simulated API as a server that keeps the process running. Throws kind `usage` when the port (0: any) is taken. */
  startSandbox: (options: SandboxStart) => Promise<Gateway>;
}

export interface OpenOptions {
  /**
   * All of the file is read first, so that no damage stays unseen: for a command whose result is what the file holds. `if-small`: only where
   * that takes no more than a moment.
   */
  isThorough?: boolean | 'if-small' | undefined;
}

export interface SandboxStart {
  port: number;
  onRequest?: ((entry: RequestEntry) => void) | undefined;
  /** What every completion that is served goes through. */
  wrap?: ((stream: StreamCompletion) => StreamCompletion) | undefined;
}

/** Where tools come from, and whom to ask about them. */
export interface ToolServices {
  servers: McpFile;
  trusted: TrustedFiles;
  /** The user's own file of commands, beside the settings. It may be missing. */
  ownFile: string;
  /** Reads a file of commands. Throws a usage error that says what is wrong with it. */
  readFile: (path: string) => Promise<ToolFile>;
  /** Connects to a server and lists its tools; `timeoutMs` for each of the two. Throws what the user can do something about. */
  connect: (name: string, server: McpServer, timeoutMs: number, signal?: AbortSignal) => Promise<McpConnection>;
  /** Whether a person sits in front of both the keyboard and standard error. */
  canAsk: boolean;
  /**
   * Asks on standard error and waits for one of the keys. What was typed before the question stood there is no answer. Undefined: Ctrl-C,
   * Ctrl-D or Esc.
   */
  askKey: (question: string, keys: string) => Promise<string | undefined>;
  /** Asks on standard error for a line, which may be empty. Undefined: Ctrl-C or Ctrl-D. */
  askWords: (question: string) => Promise<string | undefined>;
}

export interface ToolFile {
  /** Of what it says and where it stands. */
  hash: string;
  /** It is ToolDesk.ownFile. */
  isOwn: boolean;
  /** What it would let a model start. Untrusted. */
  commands: readonly { name: string; command: readonly string[] }[];
  tools: readonly Tool[];
}

/** What `orx auth login` needs of the terminal, the browser and the API. All of it ends when the run is interrupted. */
export interface LoginServices {
  /** Whether a browser on this machine is likely to be in front of the user. */
  hasBrowser: boolean;
  /** Asks on the terminal without an echo; where standard input is none, reads its first line and asks nothing. */
  ask: (question: string) => Promise<string>;
  /** The browser flow: shows the page's address, opens it, waits for the browser to bring the code, and resolves to the key. */
  withBrowser: (showUrl: (url: string) => void) => Promise<string>;
  /** The flow without a browser here: the page at the address shows a code, which the user brings. Resolves to the key. */
  withCode: (askForCode: (url: string) => Promise<string>) => Promise<string>;
  /** What the API says about a key that is not stored yet. */
  keyInfo: (key: string) => Promise<KeyInfo>;
}
