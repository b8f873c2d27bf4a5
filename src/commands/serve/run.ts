import { cached } from '../../core/answer-cache/cached.ts';
import { ActivityLog } from '../../core/serve/activity.ts';
import type { RequestObserver } from '../../core/serve/served-request.ts';
import { measure } from '../../core/pipeline/measure.ts';
import type { Gateway } from '../../gateway/start-gateway.ts';
import { requestJson, requestLine } from '../../output/serve/log.ts';
import { servingText } from '../../output/serve/text.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';

import type { Context, GatewayStart } from '../context.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { LoadedConfig } from '../../core/gateway-config/load.ts';
import type { ClientKeys } from '../../gateway/clients/client-keys.ts';
import { Configuration } from './configuration.ts';
import { masterKeyOf } from './gateway-settings.ts';
import { isReachable, openServedPlace } from './listen-options.ts';
import { parseServe, type ServeOptions } from './options.ts';
import { openClients } from './open-clients.ts';
import { budgetGauge, hasTarget, targetGauges, targetState } from './gauges.ts';
import type { Router } from '../../core/routing/router.ts';
import { openServedApi } from './served-api.ts';
import { showActivity } from './show-activity.ts';

/** `orx serve` */
export const serve = { parse: parseServe, run: runServe };

async function runServe(options: ServeOptions, context: Context): Promise<number> {
  context.lifetime.serve();
  const { stdout, stderr } = context.terminal.streams;
  const configuration = options.config === undefined ? undefined : await Configuration.open(options.config, context);
  if (configuration !== undefined) {
    printConfigNotes(configuration, context);
    if (options.isCheck) {
      stdout.write(configuration.current.effective);
      return 0;
    }
  }
  const { openMetrics } = await import('../../gateway/metrics/open-metrics.ts');
  const metrics = await openMetrics({ env: context.env });
  const activity = new ActivityLog(context.clock.now);
  const observers: RequestObserver[] = [metrics.observer, activity];
  const log = requestLog(options, context);
  if (log !== undefined) observers.push(log);
  const { access: clients, keys } = await openClients(options.settings, context);
  if (configuration !== undefined) configureKeys(keys, configuration.current, context);
  const place = await openServedPlace(options.place, () => keys.hasValid, context);
  const watched = { ...place, clients, observers, metrics: metrics.text, keepsContent: options.logsContent };
  const { gateway, accounting, answers, router } = options.settings.sandbox
    ? await startSimulated(options, context, watched)
    : await startReal(options, context, watched, configuration, keys);
  for (const gauge of router === undefined ? [] : targetGauges(router)) metrics.addGauge(gauge);
  const ledger = options.settings.ledger
    ? await context.stores
        .for(options.settings)
        .openLedger()
        .catch(() => undefined)
    : undefined;
  if (ledger !== undefined) metrics.addGauge(budgetGauge(ledger, context.clock.now));
  printAccountingNotes(accounting, context);
  // Print write errors of the ledger when they happen, not when the server stops.
  if (!options.isLive) observers.push({ end: () => printAccountingNotes(accounting, context) });
  try {
    if (options.isLive) {
      const notes = (): readonly string[] => configuration?.drainNotes() ?? [];
      const stateOf = router === undefined ? undefined : targetState(router);
      await showActivity({ gateway, activity, accounting, answers, notes, stateOf }, context);
    } else {
      stdout.write(`${gateway.url}\n`);
      const reach = { needsKey: clients.areRequired, isReachable: isReachable(options.place) };
      stderr.write(servingText(gateway.url, answers, reach));
      await aborted(context.lifetime.interrupt);
    }
  } finally {
    configuration?.close();
    await gateway.close();
    await metrics.close();
    await accounting.close();
    printAccountingNotes(accounting, context);
  }
  // Being stopped is the normal end of a server.
  return 0;
}

interface Started {
  gateway: Gateway;
  accounting: RunAccounting;
  /** The names of the providers; undefined: the sandbox. */
  answers?: readonly string[];
  router?: Router;
}

type Watched = Omit<GatewayStart, 'api' | 'asksVendor'>;

async function startSimulated(options: ServeOptions, context: Context, watched: Watched): Promise<Started> {
  const throughCache = await answerCache(options, context);
  const accounting = await openAccounting('serve', options.settings, undefined, context, { turnPer: 'request' });
  const record = (stream: StreamCompletion): StreamCompletion => accounting.wrap(measure(stream, context.clock.monotonic));
  const wrap = (stream: StreamCompletion): StreamCompletion => throughCache(record(stream));
  return { gateway: await context.apis.startSandbox({ ...watched, wrap, record }), accounting };
}

/** Returns the cache stage of a stream; without a cache, it returns the stream unchanged. */
async function answerCache(
  { cache, settings }: ServeOptions,
  { stores, clock }: Context,
): Promise<(stream: StreamCompletion) => StreamCompletion> {
  if (cache === undefined) return (stream) => stream;
  const store = await stores.for(settings).openAnswers(cache);
  return (stream) => cached(stream, { store, now: clock.now });
}

async function startReal(
  options: ServeOptions,
  context: Context,
  watched: Watched,
  configuration: Configuration | undefined,
  keys: ClientKeys,
): Promise<Started> {
  const throughCache = await answerCache(options, context);
  const { api, accounting, answers, router, asksVendor, use } = await openServedApi(options, context, configuration?.current);
  // A cached stream has to pass the cache event by event.
  const served =
    options.cache === undefined
      ? api
      : { ...api, streamCompletion: throughCache(api.streamCompletion), pushCompletion: undefined };
  const gateway = await context.apis.startGateway({ ...watched, api: served, asksVendor, isReady: hasTarget(router) });
  configuration?.watch(
    async (config) => {
      masterKeyOf(config.setup, context);
      await use(config);
      configureKeys(keys, config, context);
    },
    () => void (options.isLive || printConfigNotes(configuration, context)),
  );
  return { gateway, accounting, answers, router };
}

function configureKeys(keys: ClientKeys, { setup }: LoadedConfig, context: Context): void {
  const secret = masterKeyOf(setup, context);
  keys.configure(secret === undefined ? [] : [{ name: 'master', secret, tags: [] }], { isRequired: setup.keys === 'required' });
}

function printConfigNotes(configuration: Configuration, { terminal }: Context): void {
  for (const note of configuration.drainNotes()) terminal.streams.stderr.write(`warning: ${visibleLine(note)}\n`);
}

function requestLog({ log, settings }: ServeOptions, { terminal }: Context): RequestObserver | undefined {
  if (log === undefined) return undefined;
  const format = log === 'json' ? requestJson : requestLine;
  return { end: (request) => void terminal.streams.stderr.write(format(request, settings.sandbox)) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
