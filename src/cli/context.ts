import { tuneForLongAnswer, tuneForManyAnswers, tuneForMemory, tuneForServer } from './tune-node.ts';
import { resolve } from 'node:path';
import type { Context } from '../commands/context.ts';
import type { SettingFlags } from '../commands/register.ts';
import { SELECTION_SETTINGS } from '../core/settings/groups.ts';
import { OrxError } from '../errors.ts';
import { orxPaths } from '../storage/paths.ts';
import { projectFolder } from '../storage/project-folder.ts';
import { systemClock as clock } from './clock.ts';
import { createApis } from './services/apis.ts';
import { createStores } from './services/stores.ts';
import { createAppearance } from './terminal/appearance.ts';
import { listenForInterrupts } from './terminal/interrupt.ts';
import { createJobControl } from './terminal/job-control.ts';
import type { Keyboard } from './terminal/keyboard.ts';
import { readStdin } from './files/read-stdin.ts';
import { watchFile } from './files/watch-file.ts';
import { streams } from './streams.ts';
import type { createToolServices } from './services/tools.ts';

/**
 * The composition root: creates what commands use from the process, and imports everything heavy lazily. `flags` are the settings
 * from the command line, which select the theme.
 */
export function createContext(flags: SettingFlags): {
  context: Context;
  secrets: readonly string[];
  /** See WatchedRun in watch-run.ts. */
  stop: (reason: unknown) => void;
  hasAsked: () => boolean;
  close: () => Promise<void>;
} {
  const { env } = process;
  // Keys in use, which are removed from every error.
  const secrets: string[] = [];
  const paths = orxPaths(env);
  const unreadWork: (() => Promise<void>)[] = [];
  const over = new AbortController();
  const running: Promise<void>[] = [];

  const interrupts = listenForInterrupts();
  const { signal } = interrupts;
  let keyboard: Promise<Keyboard> | undefined;
  const openKeyboard = (): Promise<Keyboard> =>
    (keyboard ??= import('./terminal/keyboard.ts').then(({ createKeyboard }) => createKeyboard(streams, signal)));

  const stores = createStores({
    paths,
    env,
    streams,
    now: clock.now,
    secrets,
    selection: selectionOf(flags),
    folder: workingFolder(),
  });
  const apis = createApis({ cache: paths.cache, config: paths.config, env, streams, now: clock.now, signal, secrets, stores });
  const appearance = createAppearance(() => stores.resolveSettings(flags).values, env);
  let toolServices: Promise<ReturnType<typeof createToolServices>> | undefined;

  const context: Context = {
    terminal: {
      streams,
      secrets,
      themeOf: (stream) => appearance.themeOf(stream),
      get isScreenReader() {
        return appearance.isScreenReader;
      },
      // Not spread: each stream is opened only if it is read or written.
      readStdin: (options) =>
        readStdin({
          ...options,
          get stdin() {
            return streams.stdin;
          },
          get stderr() {
            return streams.stderr;
          },
          signal,
        }),
      askLine: async (prompt, begun) => (await openKeyboard()).askLine(prompt, begun),
      openSessionServices: async () =>
        (await import('./services/session.ts')).createSessionServices({
          streams,
          keyboard: await openKeyboard(),
          interrupts,
          data: paths.data,
        }),
    },
    lifetime: {
      interrupt: signal,
      pressCtrlC: interrupts.interrupt,
      jobControl: createJobControl(() => streams.stdout),
      serve: tuneForServer,
      answerLong: () => tuneForLongAnswer(process.versions.node),
      saveMemory: () => tuneForMemory(process.versions.node),
      handleMany: (answers) => tuneForManyAnswers(process.versions.node, answers),
      onHangup: interrupts.onHangup,
      async interruptible(work) {
        const { holdTyping } = await openKeyboard();
        return interrupts.interruptible((until, skipLookUps) => holdTyping(() => work(until, skipLookUps), interrupts.interrupt));
      },
      meanwhile(work) {
        running.push(work(over.signal).catch(() => undefined));
      },
      whenUnread: (work) => void unreadWork.push(work),
    },
    files: {
      readLedgerFile: async (path) => (await import('./files/read-ledger-file.ts')).readLedgerFile(path),
      async *streamLines(path, until) {
        yield* (await import('./files/stream-lines.ts')).streamLines(path, { stdin: streams.stdin, signal: until });
      },
      readFileText: async (path) => (await import('./files/read-attachment.ts')).readFileText(path),
      readBytes: async (path) => (await import('./files/read-input-bytes.ts')).readInputBytes(path, { ...streams, signal }),
      readImageSize: async (path) => (await import('./files/read-attachment.ts')).readImageSize(path),
      readCatalogueFile: async (path) => (await import('./files/read-catalogue-file.ts')).readCatalogueFile(path),
      watchFile,
      async openEvaluation(path, { encoding, below, ...choices }) {
        const [{ openEvaluationFiles }, { openEvaluation }] = await Promise.all([
          import('./files/evaluation-files.ts'),
          import('../core/evaluation/dataset/open-evaluation.ts'),
        ]);
        return openEvaluation(path, await openEvaluationFiles({ path, encoding, below }), choices);
      },
      projectFolder: (from) => projectFolder(resolve(from ?? process.cwd())),
      openPromptServices: async (settings) =>
        (await import('./prompt/services.ts')).createPromptServices(settings, { env, ...streams, signal }),
    },
    stores,
    apis,
    tools: {
      open: async (settings) =>
        (
          await (toolServices ??= import('./services/tools.ts').then(({ createToolServices }) =>
            createToolServices(settings, { folder: paths.config, env, streams, keyboard: openKeyboard, signal }),
          ))
        ).services,
      async openScripts() {
        const [{ scriptRunner }, { withinTime }] = await Promise.all([
          import('../scripts/run-script.ts'),
          import('../scripts/within-time.ts'),
        ]);
        return { runScript: scriptRunner(), withinTime };
      },
    },
    openDoctorServices: async () =>
      (await import('./services/doctor.ts')).createDoctorServices({ paths, env, streams, now: clock.now }),
    clock,
    env,
  };
  return {
    context,
    secrets,
    stop: interrupts.end,
    hasAsked: () => unreadWork.length > 0,
    async close() {
      if (isUnread(signal)) await Promise.all(unreadWork.map((work) => work().catch(() => undefined)));
      over.abort(new OrxError('the command has ended', { kind: 'interrupted' }));
      await Promise.all(running);
      await apis.closeConnections();
      await (await toolServices?.catch(() => undefined))?.close();
      await apis.close();
      await stores.close();
    },
  };
}

function selectionOf(flags: SettingFlags): Readonly<Record<string, unknown>> {
  return Object.fromEntries(SELECTION_SETTINGS.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]])));
}

/** Undefined: the folder has been removed. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function isUnread({ reason }: AbortSignal): boolean {
  return reason instanceof OrxError && reason.code === 'EPIPE';
}
