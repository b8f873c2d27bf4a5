import { randomBytes } from './random-bytes.ts';
import { join } from 'node:path';
import type { ConnectionStores, OpenOptions, Stores, StoreScope } from '../../commands/context/stores.ts';
import type { Streams } from '../../commands/context/terminal.ts';
import { entryId } from '../../core/ledger/entry-id.ts';
import { keychainAccount } from '../../core/settings/keys/keychain-reference.ts';
import { selectedProfile, storedProfiles } from '../../core/settings/profiles.ts';
import { readVendorEntries } from '../../core/vendors/vendor-entry.ts';
import type { Conversations } from '../../storage/conversations/conversations.ts';
import type { Journal } from '../../storage/journal/journal.ts';
import type { PendingPlace } from '../../storage/journal/pending-file.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { LedgerWriter } from '../../storage/ledger/writer/ledger-writer.ts';
import type { Paths } from '../../storage/paths.ts';
import type { SharedLog } from '../../storage/shared-log.ts';
import { catalogueSource } from './catalogues/catalogue-source.ts';
import { createOncePerKey } from './once-per-key.ts';
import { createKeychain } from '../keychain/keychain.ts';
import { createProjectFiles } from './project-files.ts';
import { createKeyRunner, withoutOwnKeys } from './run-key-program.ts';
import { createSettingsReader } from './settings-reader.ts';

const KEYCHAIN_HINTS = [
  'store the key again: orx auth login --keychain',
  'use a key without the keychain: export OPENROUTER_API_KEY=KEY',
];

interface StoresEnvironment {
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  streams: Streams;
  now: () => number;
  /** Collects the keys in settings, so that no error shows one. */
  secrets: string[];
  /** The typed flags that select stored settings. */
  selection?: Readonly<Record<string, unknown>>;
  /** The folder from which the project file is searched. */
  folder?: string | undefined;
}

/** Returns everything that orx stores in the user's folders. Each database is imported lazily. */
export function createStores(environment: StoresEnvironment): Stores & { close: () => Promise<void> } {
  const { paths, env, streams, now, secrets, selection = {}, folder } = environment;
  const runKeyCommand = createKeyRunner(env, secrets);
  const keychain = createKeychain({ env: withoutOwnKeys(env), secrets });
  const readKeychain = (account: string): string => keychain.readNow(account, KEYCHAIN_HINTS);
  const project = createProjectFiles(folder, env);
  const settings = createSettingsReader({
    place: paths,
    env,
    secrets,
    selection,
    runKeyCommand,
    readKeychain,
    projectFile: project.find,
  });
  const ledgers = createOncePerKey((name: string, options: Parameters<ConnectionStores['openLedger']>[0]) =>
    tellingNotices(
      Promise.all([import('../../storage/ledger/open-ledger.ts'), import('../../storage/journal/pending-file.ts')]).then(
        ([{ openLedger }, { notedEntries }]) => {
          const place = { folder: paths.data, name };
          const onNotice = (text: string): void => void streams.stderr.write(`note: ${text}\n`);
          return openLedger({ ...place, notedBy: (pids) => notedEntries(place, pids), onNotice }, options);
        },
      ),
    ),
  );
  const conversations = createOncePerKey((name: string, options: Parameters<ConnectionStores['openConversations']>[0]) =>
    tellingNotices(
      import('../../storage/conversations/open-conversations.ts').then(({ openConversations }) =>
        openConversations({ folder: paths.data, name, now }, options),
      ),
    ),
  );
  const markets = createOncePerKey((source: string, options: Parameters<ConnectionStores['openMarket']>[0]) =>
    tellingNotices(
      Promise.all([import('../../storage/market/open-market.ts'), import('../../apis/openrouter/decode-catalogue.ts')]).then(
        ([{ openMarket }, { decodeModel }]) => openMarket({ folder: paths.data, source, decode: decodeModel }, options),
      ),
    ),
  );
  const writers: Pick<LedgerWriter, 'close'>[] = [];
  const logs: SharedLog[] = [];
  const journals: Journal[] = [];
  /** Printed at once, or, with a journal, when nothing else draws on the terminal. */
  const notices: string[] = [];
  // Damage is reported even with -q, because it is reported only once.
  async function tellingNotices<Store extends { notices: readonly string[] }>(opening: Promise<Store>): Promise<Store> {
    const store = await opening;
    if (store.notices.length > 0) {
      const { visibleLine } = await import('../../output/text/visible.ts');
      notices.push(...store.notices.map((notice) => `warning: ${visibleLine(notice)}\n`));
      if (journals.length === 0) printNotices();
    }
    return store;
  }
  function printNotices(): void {
    for (const notice of notices.splice(0)) streams.stderr.write(notice);
  }
  const scopeOf = (settings: StoreScope): Scope => {
    const ledger = scoped('ledger', settings.sandbox);
    return { ledger, conversations: scoped('conversations', settings.sandbox), place: { folder: paths.data, name: ledger } };
  };
  const takenOver = new Map<string, Promise<void>>();
  /** Writes what processes that have ended left in pending files; neither database is opened without need. */
  function takeOver({ ledger, conversations: name, place }: Scope): Promise<void> {
    const running =
      takenOver.get(ledger) ??
      import('../../storage/journal/take-over.ts').then(({ takeOverPending }) =>
        takeOverPending({
          place,
          now,
          openLedger: () => ledgers.open(ledger, undefined),
          openConversations: () => conversations.open(name, undefined),
        }),
      );
    takenOver.set(ledger, running);
    return running;
  }
  async function openLedger(scope: Scope, options?: OpenOptions): Promise<Ledger> {
    const ledger = await ledgers.open(scope.ledger, options);
    await takeOver(scope);
    return ledger;
  }
  async function openConversations(scope: Scope, options?: OpenOptions): Promise<Conversations> {
    const store = await conversations.open(scope.conversations, options);
    await takeOver(scope);
    return store;
  }
  return {
    resolveSettings: settings.resolveSettings,
    profiles() {
      const file = settings.file();
      return { selected: selectedProfile(selection['profile'], env, file), stored: storedProfiles(file) };
    },
    noteProjectFile: () => project.note(paths.data),
    vendorEntries: () => readVendorEntries(settings.file()['vendors']),
    openSettings: async () => (await import('../../storage/settings-store.ts')).openSettingsStore(paths),
    keychain,
    keychainAccount: (of) => keychainAccount(of, paths),
    openTemplates: async () => (await import('../../storage/templates.ts')).openTemplateStore(paths.config),
    newId: () => entryId(now(), randomBytes()),
    for: (connection) => ({
      openLedger: (options) => openLedger(scopeOf(connection), options),
      async openJournal(uses) {
        const scope = scopeOf(connection);
        if (ledgers.has(scope.ledger)) return undefined;
        const { openJournal } = await import('../../storage/journal/journal.ts');
        const journal = openJournal({
          place: scope.place,
          uses,
          openLedger: () => openLedger(scope),
          openConversations: () => openConversations(scope),
          onFlushed: printNotices,
        });
        if (journal !== undefined) journals.push(journal);
        return journal;
      },
      async hasNoBudgets() {
        const { ledger, place } = scopeOf(connection);
        if (ledgers.has(ledger)) return false;
        return (await import('../../storage/ledger/budgets/absent.ts')).hasNoBudgets(place);
      },
      async openLedgerWriter(onProblem) {
        const scope = scopeOf(connection);
        const ledger = await openLedger(scope);
        const { openLedgerWriter } = await import('../../storage/ledger/writer/ledger-writer.ts');
        const { openedEntries } = await import('../../storage/journal/opened-entries.ts');
        // In the build, the worker is next to the program.
        const worker = new URL('./ledger-worker.js', import.meta.url);
        const opened = openedEntries(scope.place, { now });
        const writer = await openLedgerWriter({ ...scope.place, worker, ledger, opened, onProblem });
        writers.push(writer);
        return writer;
      },
      async openGroupedWriter(onProblem) {
        const ledger = await openLedger(scopeOf(connection));
        const { groupedLedgerWriter } = await import('../../storage/ledger/writer/grouped-writer.ts');
        const writer = groupedLedgerWriter({ ledger, onProblem });
        writers.push(writer);
        return writer;
      },
      async mayHaveBudgets() {
        const { budgetCopyPath, mayHaveBudgets } = await import('../../storage/ledger/budgets/copy.ts');
        return mayHaveBudgets(budgetCopyPath(scopeOf(connection).place));
      },
      openConversations: (options) => openConversations(scopeOf(connection), options),
      openClientKeys: async () =>
        (await import('../../storage/client-keys.ts')).openClientKeys({
          folder: paths.data,
          name: scoped('gateway-keys', connection.sandbox),
        }),
      async openLimitLog() {
        const { openSharedLog } = await import('../../storage/shared-log.ts');
        const folder = join(paths.data, scoped('gateway-limits', connection.sandbox));
        return (replica) => {
          const log = openSharedLog(replica, { folder });
          logs.push(log);
          return log;
        };
      },
      openFileBudgets: async () =>
        (await import('../../storage/ledger/budgets/file-budgets.ts')).openFileBudgets({
          folder: paths.data,
          name: scoped('gateway-budgets', connection.sandbox),
          openLedger: () => openLedger(scopeOf(connection)),
        }),
      async openAnswers({ place, keptMs, onFailure }) {
        if (place === 'memory') return (await import('../../storage/answer-store/memory.ts')).memoryAnswers(keptMs);
        const folder = join(paths.cache, scoped('answers', connection.sandbox));
        return (await import('../../storage/answer-store/disk.ts')).diskAnswers(folder, keptMs, now, { onFailure });
      },
      openDecisions: async () =>
        (await import('../../storage/decisions/decision-file.ts')).openDecisions({
          folder: paths.data,
          suffix: scoped('', connection.sandbox),
        }),
      openMatrixRuns: async () =>
        (await import('../../storage/matrix/runs.ts')).openMatrixRuns(join(paths.data, scoped('runs', connection.sandbox))),
      openMarket: (options) => markets.open(catalogueSource(connection), options),
    }),
    async close() {
      for (const journal of journals) await journal.close();
      printNotices();
      for (const log of logs) log.close();
      await Promise.all(writers.map((writer) => writer.close()));
      await Promise.all([ledgers.close(), conversations.close(), markets.close()]);
    },
  };
}

/** The names of the databases of a connection, and where its pending files are. */
interface Scope {
  ledger: string;
  conversations: string;
  place: PendingPlace;
}

/** All APIs share one ledger and one history; the sandbox has its own. */
function scoped(name: string, isSandbox: boolean): string {
  return isSandbox ? `${name}-sandbox` : name;
}
