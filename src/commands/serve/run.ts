import { measure } from '../../core/pipeline/measure.ts';
import type { RequestEntry } from '../../gateway/exchange.ts';
import type { Gateway } from '../../gateway/start-gateway.ts';
import { requestLine, servingText } from '../../output/serve/text.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';

import type { Context } from '../context.ts';
import { parseServe, type ServeOptions } from './options.ts';
import { openServedApi } from './served-api.ts';

/** `orx serve` */
export const serve = { parse: parseServe, run: runServe };

async function runServe(options: ServeOptions, context: Context): Promise<number> {
  const { stdout, stderr } = context.terminal.streams;
  const { gateway, accounting, answers } = options.settings.sandbox
    ? await startSimulated(options, context)
    : await startReal(options, context);
  printAccountingNotes(accounting, context);
  try {
    stdout.write(`${gateway.url}\n`);
    stderr.write(servingText(gateway.url, answers));
    await aborted(context.lifetime.interrupt);
  } finally {
    await gateway.close();
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

async function startSimulated(options: ServeOptions, context: Context): Promise<Started> {
  const accounting = await openAccounting('serve', options.settings, undefined, context, { turnPer: 'request' });
  const wrap = (stream: StreamCompletion): StreamCompletion => accounting.wrap(measure(stream, context.clock.monotonic));
  return {
    gateway: await context.apis.startSandbox({ port: options.port, wrap, onRequest: requestLog(options, context) }),
    accounting,
  };
}

async function startReal(options: ServeOptions, context: Context): Promise<Started> {
  const { api, accounting, answers } = await openServedApi(options.settings, context);
  return {
    gateway: await context.apis.startGateway({ api, port: options.port, onRequest: requestLog(options, context) }),
    accounting,
    answers,
  };
}

function requestLog({ isQuiet }: ServeOptions, { terminal }: Context): ((entry: RequestEntry) => void) | undefined {
  return isQuiet ? undefined : (entry) => void terminal.streams.stderr.write(requestLine(entry));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
