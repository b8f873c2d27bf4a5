import { capability } from '../../apis/api.ts';
import { estimateUnpriced } from '../../core/budget/estimate-cost.ts';
import { reconcile } from '../../core/budget/reconcile.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { checkLines, reconciledLines, repairedText } from '../../output/ledger/text.ts';
import { visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { type LedgerOptions, parseLedger, parsePrune, parseShown, type PruneOptions, type ShownOptions } from './options.ts';
import { showJson } from '../show-table.ts';

/** No time limit: the API keeps costs longer than any user waits for one. */
const ALL_TIME = 0;
const NO_LIMIT = 100_000;

/** `orx ledger path` */
export const printLedgerPath = { parse: parseLedger, run: runPath };

async function runPath({ settings }: LedgerOptions, context: Context): Promise<number> {
  const { path } = await context.stores.for(settings).openLedger();
  const { stdout } = context.terminal.streams;
  await write(stdout, `${stdout.isTTY ? visibleText(path) : path}\n`);
  return 0;
}

/** `orx ledger prune` */
export const pruneLedger = { parse: parsePrune, run: runPrune };

async function runPrune({ settings, before }: PruneOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger();
  const deleted = ledger.prune(before);
  await write(context.terminal.streams.stderr, `${deleted} ${deleted === 1 ? 'entry' : 'entries'} deleted\n`);
  return 0;
}

/** `orx ledger check` */
export const ledgerCheck = { parse: parseShown, run: runCheck };

async function runCheck({ settings, isJson }: ShownOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger({ isThorough: true });
  const match = ledger.check();
  // Include damage that was found before this check.
  const all = { ...match, problems: [...ledger.damage, ...match.problems] };
  if (isJson) await showJson(context, [], { path: ledger.path, ...all });
  else await write(context.terminal.streams.stdout, checkLines(all));
  if (all.repaired.length > 0) context.terminal.streams.stderr.write(repairedText(all.repaired));
  return all.problems.length === 0 ? 0 : 1;
}

/** `orx ledger reconcile` */
export const reconcileLedger = { parse: parseShown, run: runReconcile };

async function runReconcile({ settings, isJson }: ShownOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger();
  const api = await context.apis.for(settings).open({ requireKey: true });
  const { error, ...done } = await reconcile({
    ledger,
    getGeneration: capability(api, 'getGeneration'),
    now: context.clock.now,
    since: ALL_TIME,
    limit: NO_LIMIT,
    signal: context.lifetime.interrupt,
  });
  const listed = await context.apis
    .for(settings)
    .readCatalogue({ preferStored: true })
    .catch(() => undefined);
  const findModel = (name: string): Model | undefined => findListed(name, listed?.catalogue.models ?? []);
  const all = { ...done, estimated: estimateUnpriced({ ledger, findModel }) };
  const { lost, billed, missing, estimated } = all;
  if (isJson) await showJson(context, [], { lost, found: billed, missing, estimated });
  else await write(context.terminal.streams.stdout, reconciledLines(all));
  context.lifetime.interrupt.throwIfAborted();
  if (error !== undefined) throw error;
  return 0;
}
