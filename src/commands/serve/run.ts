import { ActivityLog } from '../../core/serve/activity.ts';
import type { RequestObserver } from '../../core/serve/served-request.ts';
import { measure } from '../../core/pipeline/measure.ts';
import type { Gateway } from '../../gateway/start-gateway.ts';
import { requestJson, requestLine } from '../../output/serve/log.ts';
import { servingText } from '../../output/serve/text.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';

import type { Context } from '../context.ts';
import type { GatewayStart } from '../context/apis.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { Configuration } from './configuration.ts';
import { applyBudgets } from './file-budgets.ts';
import { isReachable, openServedPlace } from './listen-options.ts';
import { parseServe, type ServeOptions } from './options.ts';
import { openClients } from './open-clients.ts';
import { budgetGauge, hasTarget, targetGauges, targetState } from './gauges.ts';
import type { Router } from '../../core/routing/router.ts';
import { applyConfig, configureKeys, type RunningGateway } from './apply-config.ts';
import { renewTls } from './renew-tls.ts';
import { openServedApi, type ServedPipeline } from './served-api.ts';
import { ServedCache } from './served-cache.ts';
import { type ServedOptions, servedOptions } from './served-options.ts';
import { ServerNotes } from './server-notes.ts';
import { showActivity } from './show-activity.ts';

/** `orx serve` */
export const serve = { parse: parseServe, run: runServe };

async function runServe(options: ServeOptions, context: Context): Promise<number> {
  context.lifetime.serve();
  const { stdout, stderr } = context.terminal.streams;
  const notes = new ServerNotes();
  const configuration =
    options.config === undefined ? undefined : await Configuration.open(options.config, options.flags, context, notes);
  const served = servedFirst(options, configuration);
  printNotes(notes, context);
  if (options.isCheck && configuration !== undefined) {
    stdout.write(configuration.current.effective);
    return 0;
  }
  const { openMetrics } = await import('../../gateway/metrics/open-metrics.ts');
  const metrics = await openMetrics({ env: context.env });
  const activity = new ActivityLog(context.clock.now);
  const observers: RequestObserver[] = [metrics.observer, activity];
  const { access: clients, keys, findStored } = await openClients(options.settings, context, notes);
  if (configuration !== undefined) {
    configureKeys(keys, configuration.current, context);
    notes.add(...(await applyBudgets(configuration.path, served.budgets, options.settings, context)));
  }
  const place = await openServedPlace(served.place, () => keys.hasValid, context);
  const cache = new ServedCache(options.settings, context, notes);
  (await cache.prepare(served.cache))();
  const watched = { ...place, clients, findStored, observers, metrics: metrics.text, keepsContent: served.logsContent };
  const started = options.settings.sandbox
    ? await startSimulated(options, context, watched, cache)
    : await startReal(options, context, watched, cache, configuration);
  const { gateway, accounting, answers, router } = started;
  const running: RunningGateway = { served, gateway, keys, cache, prepare: started.prepare };
  observers.push(requestLog(running, options, context));
  if (configuration !== undefined) configuration.watch(applyConfig(running, configuration, options, context));
  const stopRenewing =
    served.place.tls === undefined || place.tls === undefined
      ? () => undefined
      : renewTls({ tls: served.place.tls, first: place.tls }, gateway, context, notes);
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
  if (!served.isLive) observers.push({ end: () => printAccountingNotes(accounting, context) });
  try {
    if (served.isLive) {
      const stateOf = router === undefined ? undefined : targetState(router);
      await showActivity({ gateway, activity, accounting, answers, notes: () => notes.drain(), stateOf }, context);
    } else {
      printNotes(notes, context);
      notes.listen(() => printNotes(notes, context));
      stdout.write(`${gateway.url}\n`);
      const reach = { needsKey: clients.areRequired, isReachable: isReachable(served.place) };
      stderr.write(servingText(gateway.url, answers, reach));
      await aborted(context.lifetime.interrupt);
    }
  } finally {
    stopRenewing();
    configuration?.close();
    await gateway.close();
    await metrics.close();
    await accounting.close();
    printAccountingNotes(accounting, context);
  }
  // Being stopped is the normal end of a server.
  return 0;
}

function servedFirst({ served, flags, terminal }: ServeOptions, configuration: Configuration | undefined): ServedOptions {
  if (configuration === undefined) return served!;
  return servedOptions(configuration.current.setup.service, terminal, { file: configuration.path, flags });
}

interface Started {
  gateway: Gateway;
  accounting: RunAccounting;
  /** The names of the providers; undefined: the sandbox. */
  answers?: readonly string[];
  router?: Router;
  /** Undefined: the sandbox, which has no configuration. */
  prepare?: ServedPipeline['prepare'];
}

type Watched = Omit<GatewayStart, 'api' | 'asksVendor'>;

async function startSimulated(options: ServeOptions, context: Context, watched: Watched, cache: ServedCache): Promise<Started> {
  const accounting = await openAccounting('serve', options.settings, undefined, context, { turnPer: 'request' });
  const record = (stream: StreamCompletion): StreamCompletion => accounting.wrap(measure(stream, context.clock.monotonic));
  const wrap = (stream: StreamCompletion): StreamCompletion => cache.stage(record(stream));
  return { gateway: await context.apis.startSandbox({ ...watched, wrap, record }), accounting };
}

async function startReal(
  options: ServeOptions,
  context: Context,
  watched: Watched,
  cache: ServedCache,
  configuration: Configuration | undefined,
): Promise<Started> {
  const pipeline = await openServedApi(options, context, configuration?.current);
  const { api, accounting, answers, router, asksVendor, prepare } = pipeline;
  const gateway = await context.apis.startGateway({
    ...watched,
    api: cache.wrap(api, () => router.readsTags),
    asksVendor,
    isReady: hasTarget(router),
  });
  return { gateway, accounting, answers, router, prepare };
}

function printNotes(notes: ServerNotes, { terminal }: Context): void {
  for (const note of notes.drain()) terminal.streams.stderr.write(`warning: ${visibleLine(note)}\n`);
}

/** Logs each request in the format that the configuration has at that moment. */
function requestLog(running: RunningGateway, { settings }: ServeOptions, { terminal }: Context): RequestObserver {
  return {
    end(request) {
      const { log } = running.served;
      if (log === undefined) return;
      const format = log === 'json' ? requestJson : requestLine;
      terminal.streams.stderr.write(format(request, settings.sandbox));
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
