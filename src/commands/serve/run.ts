import { measure } from '../../core/pipeline/measure.ts';
import type { RequestEntry } from '../../gateway/exchange.ts';
import { requestLine, servingText } from '../../output/serve/text.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { openAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';

import type { Context } from '../context.ts';
import { parseServe, type ServeOptions } from './options.ts';

/** `orx serve` */
export const serve = { parse: parseServe, run: runServe };

async function runServe({ settings, port, isQuiet }: ServeOptions, context: Context): Promise<number> {
  const { stdout, stderr } = context.terminal.streams;
  const onRequest = (entry: RequestEntry): void => void stderr.write(requestLine(entry));
  const accounting = await openAccounting('serve', settings, undefined, context, { turnPer: 'request' });
  printAccountingNotes(accounting, context);
  const wrap = (stream: StreamCompletion): StreamCompletion => accounting.wrap(measure(stream, context.clock.monotonic));
  const gateway = await context.apis.startSandbox({
    port,
    wrap,
    onRequest: isQuiet ? undefined : onRequest,
  });
  try {
    stdout.write(`${gateway.url}\n`);
    stderr.write(servingText(gateway.url));
    await aborted(context.lifetime.interrupt);
  } finally {
    await gateway.close();
    printAccountingNotes(accounting, context);
  }
  // Being stopped is how serving ends.
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
