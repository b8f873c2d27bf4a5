import type { AnswerStore } from '../../core/answer-cache/cached.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { Keychain } from '../../core/settings/keys/keychain.ts';
import type { SettingLayer } from '../../core/settings/layers.ts';
import type { SelectedProfile } from '../../core/settings/profiles.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import type { VendorEntries } from '../../core/vendors/vendor-entry.ts';
import type { ClientKeyStore } from '../../storage/client-keys.ts';
import type { Conversations } from '../../storage/conversations/conversations.ts';
import type { DecisionStore } from '../../storage/decisions/decision-file.ts';
import type { Journal, JournalOptions } from '../../storage/journal/journal.ts';
import type { FileBudgets } from '../../storage/ledger/budgets/file-budgets.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { LedgerWriter } from '../../storage/ledger/writer/ledger-writer.ts';
import type { Market } from '../../storage/market/market.ts';
import type { MatrixRuns } from '../../storage/matrix/runs.ts';
import type { SettingsStore } from '../../storage/settings-store.ts';
import type { LogReplica, SharedLog } from '../../storage/shared-log.ts';
import type { TemplateStore } from '../../storage/templates.ts';

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

export interface OpenOptions {
  /**
   * Reads the whole file first, so that no damage is missed: for a command whose result is the file's content. `if-small`: only
   * if that is fast.
   */
  isThorough?: boolean | 'if-small' | undefined;
}
