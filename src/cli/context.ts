import { resolve } from 'node:path';
import type { CatalogueReading, Context } from '../commands/context.ts';
import type { CommandInput } from '../commands/setting-options.ts';
import { entryId } from '../core/ledger/entry-id.ts';
import { resolveSettings } from '../core/settings/resolve.ts';
import { SETTINGS, type Settings } from '../core/settings/settings.ts';
import type { Conversations } from '../storage/conversations/conversations.ts';
import type { Ledger } from '../storage/ledger/ledger.ts';
import { OrxError } from '../errors.ts';
import type { Market } from '../storage/market/market.ts';
import { orxPaths } from '../storage/paths.ts';
import { projectFolder } from '../storage/project-folder.ts';
import { readLines } from '../storage/files/read-lines.ts';
import { readSettingsFile } from '../storage/settings-file.ts';
import { catalogueSource } from './services/catalogue-source.ts';
import { systemClock as clock } from './clock.ts';
import { createFetchedCatalogues } from './services/fetched-catalogues.ts';
import { createAppearance } from './terminal/appearance.ts';
import { listenForInterrupts } from './terminal/interrupt.ts';
import type { Keyboard } from './terminal/keyboard.ts';
import { capability } from '../apis/api.ts';
import type { OpenApi } from './services/open-api.ts';
import { readStdin } from './files/read-stdin.ts';
import { streams } from './streams.ts';
import type { createToolServices } from './services/tools.ts';

/** Prices and speeds of endpoints change slowly, and every quote asks for them. */
const ENDPOINTS_FRESH_FOR_MS = 10 * 60 * 1000;
/** Providers change what they promise seldom. */
const ZDR_FRESH_FOR_MS = 60 * 60 * 1000;
const API_KEY_VARIABLES = SETTINGS['api-key'].env ?? [];

/**
 * The composition root: what commands use, made from the process, with everything heavy behind an import of its own. `flags` are the settings
 * that were typed: they say how things look.
 */
export function createContext(flags: CommandInput['flags']): {
  context: Context;
  secrets: readonly string[];
  /** See WatchedRun of watch-run.ts. */
  stop: (reason: unknown) => void;
  hasAsked: () => boolean;
  close: () => Promise<void>;
} {
  const { env } = process;
  // Keys in use, so that no error shows one, whatever it looks like.
  const secrets: string[] = [];
  const paths = orxPaths(env);
  // One connection pool (and one sandbox) per run, however many times a command asks.
  let opened: Promise<OpenApi> | undefined;
  const openApi = (settings: Settings): Promise<OpenApi> =>
    (opened ??= import('./services/open-api.ts').then(({ openApi: open }) => open(settings, env)));

  let ledger: Promise<Ledger> | undefined;
  let conversations: Promise<Conversations> | undefined;
  let market: Promise<Market> | undefined;
  let toolServices: Promise<ReturnType<typeof createToolServices>> | undefined;
  // What is kept for the next run is written while the answer of this one is shown.
  const writes: Promise<void>[] = [];
  // A database holds up everything else while it works: past catalogues wait until the answer is shown.
  const fetched = createFetchedCatalogues(clock.now, (settings) => context.openMarket(settings));

  const unreadWork: (() => Promise<void>)[] = [];
  const over = new AbortController();
  const running: Promise<void>[] = [];

  const interrupts = listenForInterrupts(() => streams.stdout);
  let keyboard: Promise<Keyboard> | undefined;
  const openKeyboard = (): Promise<Keyboard> =>
    (keyboard ??= import('./terminal/keyboard.ts').then(({ createKeyboard }) =>
      createKeyboard(context.streams, interrupts.signal),
    ));

  const ledgerPlace = (settings: Settings): { folder: string; name: string } => ({
    folder: paths.data,
    name: settings.sandbox ? 'ledger-sandbox' : 'ledger',
  });
  // Damage is said by whatever command finds it, however quiet: nobody hears of it again.
  const tellingNotices = async <Store extends { notices: readonly string[] }>(opening: Promise<Store>): Promise<Store> => {
    const store = await opening;
    if (store.notices.length > 0) {
      const { visibleLine } = await import('../output/text/visible.ts');
      for (const notice of store.notices) streams.stderr.write(`! ${visibleLine(notice)}\n`);
    }
    return store;
  };

  const context: Context = {
    streams,
    env,
    secrets,
    clock,
    themeOf: (stream) => appearance.themeOf(stream),
    get isScreenReader() {
      return appearance.isScreenReader;
    },
    // Loading the part of Node that makes random numbers takes a while: only when one is wanted.
    newId: () => entryId(clock.now(), process.getBuiltinModule('node:crypto').randomBytes(16)),
    interrupt: interrupts.signal,
    pressCtrlC: interrupts.interrupt,
    async interruptible(work) {
      const { holdTyping } = await openKeyboard();
      return interrupts.interruptible((signal, skipLookUps) => holdTyping(() => work(signal, skipLookUps), interrupts.interrupt));
    },
    openSessionServices: async () =>
      (await import('./services/session.ts')).createSessionServices({
        streams: context.streams,
        keyboard: await openKeyboard(),
        interrupts,
        data: paths.data,
      }),
    askLine: async (prompt, begun) => (await openKeyboard()).askLine(prompt, begun),
    readStdin: (options) => readStdin({ ...options, ...context.streams, signal: interrupts.signal }),
    openPromptServices: async (settings) =>
      (await import('./prompt/services.ts')).createPromptServices(settings, {
        env,
        ...context.streams,
        signal: interrupts.signal,
      }),
    templates: async () => (await import('../storage/templates.ts')).openTemplateStore(paths.config),
    readFileText: async (path) => (await import('./files/read-attachment.ts')).readFileText(path),
    readImageSize: async (path) => (await import('./files/read-attachment.ts')).readImageSize(path),
    resolveSettings(flags) {
      const file = readSettingsFile(paths);
      // Also one that is not in force, or is none: whoever put it there holds it for a key.
      for (const key of [...API_KEY_VARIABLES.map((name) => env[name]), file['api-key']]) {
        if (typeof key === 'string') secrets.push(key.trim());
      }
      return resolveSettings({ flags, env, file });
    },
    settingsStore: async () => (await import('../storage/settings-store.ts')).openSettingsStore(paths),
    async openLogin(settings) {
      const [{ createLoginServices }, api] = await Promise.all([import('./services/login.ts'), openApi(settings)]);
      return createLoginServices(api, {
        streams: context.streams,
        env,
        platform: process.platform,
        signal: interrupts.signal,
        secrets,
      });
    },
    openToolServices: async (settings) =>
      (
        await (toolServices ??= import('./services/tools.ts').then(({ createToolServices }) =>
          createToolServices(settings, {
            folder: paths.config,
            env,
            streams: context.streams,
            keyboard: openKeyboard,
            signal: interrupts.signal,
          }),
        ))
      ).services,
    startSandbox: async (options) =>
      (await import('./services/start-sandbox.ts')).startSandbox({ ...options, keepsProcessAlive: true }),
    openApi: async (settings, options) => (await openApi(settings)).api(options?.requireKey === true),
    openLedger: (settings, options) =>
      (ledger ??= tellingNotices(
        import('../storage/ledger/open-ledger.ts').then(({ openLedger }) => openLedger(ledgerPlace(settings), options)),
      )),
    mayHaveBudgets: (settings) =>
      import('../storage/ledger/budgets/copy.ts').then(({ budgetCopyPath, mayHaveBudgets }) =>
        mayHaveBudgets(budgetCopyPath(ledgerPlace(settings))),
      ),
    openConversations: (settings, options) =>
      (conversations ??= tellingNotices(
        import('../storage/conversations/open-conversations.ts').then(({ openConversations }) =>
          openConversations(
            { folder: paths.data, name: settings.sandbox ? 'conversations-sandbox' : 'conversations', now: clock.now },
            options,
          ),
        ),
      )),
    meanwhile(work) {
      running.push(work(over.signal).catch(() => undefined));
    },
    whenUnread: (work) => void unreadWork.push(work),
    readLines,
    projectFolder: (from) => projectFolder(resolve(from ?? process.cwd())),
    async readCatalogue(settings, options): Promise<CatalogueReading> {
      const [{ readCatalogue }, { decodeCatalogue }] = await Promise.all([
        import('../storage/catalogue-cache.ts'),
        import('../apis/openrouter/decode-catalogue.ts'),
      ]);
      const reading = await readCatalogue({
        folder: paths.cache,
        source: catalogueSource(settings),
        // A fresh copy on disk needs no network floor at all.
        fetch: async (signal, known) => {
          const { listModels, listModelsSince } = capability((await openApi(settings)).api(false), 'catalogue');
          return known === undefined ? listModels({ signal }) : listModelsSince(known, { signal });
        },
        decode: decodeCatalogue,
        now: clock.now,
        writeBehind: (write) => void writes.push(write),
        ...options,
      });
      const isFromApi = reading.ageMs === 0 && reading.staleBecause === undefined;
      if (isFromApi) await fetched.add(settings, reading.catalogue.models);
      return reading;
    },
    async readEndpoints(settings, model, options) {
      const [{ readCatalogue }, { decodeEndpoints }] = await Promise.all([
        import('../storage/catalogue-cache.ts'),
        import('../apis/openrouter/decode-catalogue.ts'),
      ]);
      return readCatalogue({
        folder: paths.cache,
        kind: 'endpoints',
        freshForMs: ENDPOINTS_FRESH_FOR_MS,
        source: `${catalogueSource(settings)} ${model}`,
        fetch: async (signal) => {
          const { wire } = await capability((await openApi(settings)).api(false), 'endpoints').listEndpoints(model, { signal });
          return decodeEndpoints(JSON.stringify(wire));
        },
        decode: decodeEndpoints,
        now: clock.now,
        writeBehind: (write) => void writes.push(write),
        ...options,
      });
    },
    async readZdrEndpoints(settings, options) {
      const [{ readCatalogue }, { decodeModelEndpoints }] = await Promise.all([
        import('../storage/catalogue-cache.ts'),
        import('../apis/openrouter/decode-catalogue.ts'),
      ]);
      return readCatalogue({
        folder: paths.cache,
        kind: 'zdr',
        freshForMs: ZDR_FRESH_FOR_MS,
        source: catalogueSource(settings),
        fetch: async (signal) => {
          const { endpoints } = await capability((await openApi(settings)).api(false), 'endpoints').listZdrEndpoints({ signal });
          return { endpoints, body: JSON.stringify(endpoints.map(({ wire }) => wire)) };
        },
        decode: (body) => ({ endpoints: decodeModelEndpoints(JSON.parse(body)), body }),
        now: clock.now,
        writeBehind: (write) => void writes.push(write),
        ...options,
      });
    },
    readCatalogueFile: async (path) => (await import('./files/read-catalogue-file.ts')).readCatalogueFile(path),
    openMarket: (settings, options) =>
      (market ??= tellingNotices(
        Promise.all([import('../storage/market/open-market.ts'), import('../apis/openrouter/decode-catalogue.ts')]).then(
          ([{ openMarket }, { decodeModel }]) =>
            openMarket({ folder: paths.data, source: catalogueSource(settings), decode: decodeModel }, options),
        ),
      )),
  };
  const appearance = createAppearance(() => context.resolveSettings(flags).values, env);
  return {
    context,
    secrets,
    stop: interrupts.end,
    hasAsked: () => unreadWork.length > 0,
    // What could not be opened has said so already.
    async close() {
      if (isUnread(interrupts.signal)) await Promise.all(unreadWork.map((work) => work().catch(() => undefined)));
      over.abort(new OrxError('the run is over', { kind: 'interrupted' }));
      await Promise.all(running);
      await (await opened?.catch(() => undefined))?.close();
      await (await toolServices?.catch(() => undefined))?.close();
      await fetched.keep();
      (await ledger?.catch(() => undefined))?.close();
      (await conversations?.catch(() => undefined))?.close();
      (await market?.catch(() => undefined))?.close();
      await Promise.all(writes);
    },
  };
}

function isUnread({ reason }: AbortSignal): boolean {
  return reason instanceof OrxError && reason.code === 'EPIPE';
}
