import { LEDGER_SETTINGS } from '../../core/settings/groups.ts';
import { measure } from '../../core/pipeline/measure.ts';
import { usageError } from '../../errors.ts';
import type { RequestEntry } from '../../gateway/exchange.ts';
import { requestLine, servingText } from '../../output/serve/text.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { openAccounting } from '../ledger/open-accounting.ts';
import type { RegisterCommand, Run } from '../register.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { addSettingOptions } from '../setting-options.ts';

const DEFAULT_PORT = '4141';

export const registerServe: RegisterCommand = (program, execute) => {
  const command = program
    .command('serve')
    .description('Serve the simulated API to other programs on this machine, until Ctrl-C. Needs --sandbox.')
    .option('--port <number>', 'where to listen on 127.0.0.1; 0 takes any free port', DEFAULT_PORT)
    .option('-q, --quiet', 'no line for each request')
    .addHelpText(
      'after',
      `
Examples:
  orx serve --sandbox
  OPENROUTER_BASE_URL=http://127.0.0.1:${DEFAULT_PORT}/api/v1 OPENROUTER_API_KEY=any orx chat "hello"`,
    )
    .action(execute(runServe));
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
};

const runServe: Run = async (input, context) => {
  const port = parsePort(String(input.options['port']));
  const { values: settings } = context.stores.resolveSettings(input.flags);
  if (!settings.sandbox)
    throw usageError('serve has nothing to serve', 'this version serves the simulated API only: orx serve --sandbox');
  const { stdout, stderr } = context.terminal.streams;
  const onRequest = (entry: RequestEntry): void => void stderr.write(requestLine(entry));
  const accounting = await openAccounting('serve', settings, undefined, context, { turnPer: 'request' });
  printAccountingNotes(accounting, context);
  const wrap = (stream: StreamCompletion): StreamCompletion => accounting.wrap(measure(stream, context.clock.monotonic));
  const gateway = await context.apis.startSandbox({
    port,
    wrap,
    onRequest: input.options['quiet'] === true ? undefined : onRequest,
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
};

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`--port takes a number from 0 to 65535, not "${text}"`, 'take any free port with --port 0');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
