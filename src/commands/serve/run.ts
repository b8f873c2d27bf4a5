import { cached } from '../../core/answer-cache/cached.ts';
import { ActivityLog } from '../../core/serve/activity.ts';
import type { RequestObserver } from '../../core/serve/served-request.ts';
import { measure } from '../../core/pipeline/measure.ts';
import type { GatewayOptions, Gateway } from '../../gateway/start-gateway.ts';
import { requestJson, requestLine } from '../../output/serve/log.ts';
import { servingText } from '../../output/serve/text.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';

import type { Context } from '../context.ts';
import { parseServe, type ServeOptions } from './options.ts';
import { openClients } from './open-clients.ts';
import { openServedApi } from './served-api.ts';
import { showActivity } from './show-activity.ts';

/** `orx serve` */
export const serve = { parse: parseServe, run: runServe };

async function runServe(options: ServeOptions, context: Context): Promise<number> {
  const { stdout, stderr } = context.terminal.streams;
  const { openMetrics } = await import('../../gateway/metrics/open-metrics.ts');
  const metrics = await openMetrics({ env: context.env });
  const activity = new ActivityLog(context.clock.now);
  const observers: RequestObserver[] = [metrics.observer, activity];
  const log = requestLog(options, context);
  if (log !== undefined) observers.push(log);
  const { access: clients } = await openClients(options.settings, context);
  const watched = { port: options.port, clients, observers, metrics: metrics.text, keepsContent: options.logsContent };
  const { gateway, accounting, answers } = options.settings.sandbox
    ? await startSimulated(options, context, watched)
    : await startReal(options, context, watched);
  printAccountingNotes(accounting, context);
  // What a ledger cannot take is said when it happens, not when serving ends.
  if (!options.isLive) observers.push({ end: () => printAccountingNotes(accounting, context) });
  try {
    if (options.isLive) await showActivity({ gateway, activity, accounting, answers }, context);
    else {
      stdout.write(`${gateway.url}\n`);
      stderr.write(servingText(gateway.url, answers));
      await aborted(context.lifetime.interrupt);
    }
  } finally {
    await gateway.close();
    await metrics.close();
    await accounting.close();
    printAccountingNotes(accounting, context);
  }
  // Being stopped is how serving ends.
  return 0;
}

interface Started {
  gateway: Gateway;
  accounting: RunAccounting;
  /** Who answers; undefined: the sandbox. */
  answers?: readonly string[];
}

type Watched = Pick<GatewayOptions, 'port' | 'observers' | 'metrics' | 'keepsContent' | 'clients'>;

async function startSimulated(options: ServeOptions, context: Context, watched: Watched): Promise<Started> {
  const throughCache = await answerCache(options, context);
  const accounting = await openAccounting('serve', options.settings, undefined, context, { turnPer: 'request' });
  const wrap = (stream: StreamCompletion): StreamCompletion =>
    throughCache(accounting.wrap(measure(stream, context.clock.monotonic)));
  return { gateway: await context.apis.startSandbox({ ...watched, wrap }), accounting };
}

async function startReal(options: ServeOptions, context: Context, watched: Watched): Promise<Started> {
  const throughCache = await answerCache(options, context);
  const { api, accounting, answers } = await openServedApi(options.settings, context);
  const served = { ...api, streamCompletion: throughCache(api.streamCompletion) };
  return { gateway: await context.apis.startGateway({ ...watched, api: served }), accounting, answers };
}

/** What a stream goes through where answers are kept. */
async function answerCache(
  { cache, settings }: ServeOptions,
  { stores, clock }: Context,
): Promise<(stream: StreamCompletion) => StreamCompletion> {
  if (cache === undefined) return (stream) => stream;
  const store = await stores.for(settings).openAnswers(cache);
  return (stream) => cached(stream, { store, now: clock.now });
}

function requestLog({ log }: ServeOptions, { terminal }: Context): RequestObserver | undefined {
  if (log === undefined) return undefined;
  const format = log === 'json' ? requestJson : requestLine;
  return { end: (request) => void terminal.streams.stderr.write(format(request)) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
