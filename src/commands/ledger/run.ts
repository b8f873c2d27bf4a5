import { capability } from '../../apis/api.ts';
import { estimateUnpriced } from '../../core/budget/estimate-cost.ts';
import { reconcile } from '../../core/budget/reconcile.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { periodSpans } from '../../core/time/periods.ts';
import { parseStart } from '../../core/time/parse-time.ts';
import { usageError } from '../../errors.ts';
import { checkLines, reconciledLines } from '../../output/ledger/text.ts';
import { visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Run } from '../register.ts';
import { showJson } from '../show-table.ts';

/** The API keeps bills longer than anybody waits for one. */
const ALL_TIME = 0;
const NO_LIMIT = 100_000;

/** `orx ledger path` */
export const printLedgerPath: Run = async ({ flags }, context) => {
  const { path } = await context.stores.for(context.stores.resolveSettings(flags).values).openLedger();
  const { stdout } = context.terminal.streams;
  await write(stdout, `${stdout.isTTY ? visibleText(path) : path}\n`);
  return 0;
};

/** `orx ledger prune` */
export const pruneLedger: Run = async ({ options, flags }, context) => {
  const now = context.clock.now();
  const before = parseStart('--before', String(options['before']), now);
  if (before === undefined)
    throw usageError('--before all would delete everything', 'to start anew, remove the file: orx ledger path');
  const ledger = await context.stores.for(context.stores.resolveSettings(flags).values).openLedger();
  const deleted = ledger.prune(Math.min(before, periodSpans(now).month.start, periodSpans(now).week.start));
  await write(context.terminal.streams.stderr, `${deleted} ${deleted === 1 ? 'entry' : 'entries'} deleted\n`);
  return 0;
};

/** `orx ledger check` */
export const runLedgerCheck: Run = async ({ options, flags }, context) => {
  const ledger = await context.stores.for(context.stores.resolveSettings(flags).values).openLedger({ isThorough: true });
  const match = ledger.check();
  // What was damaged until now is what whoever asks wants to know.
  const all = { ...match, problems: [...ledger.damage, ...match.problems] };
  if (options['json'] === true) await showJson(context, [], { path: ledger.path, ...all });
  else await write(context.terminal.streams.stdout, checkLines(all));
  return all.problems.length === 0 ? 0 : 1;
};

/** `orx ledger reconcile` */
export const reconcileLedger: Run = async ({ options, flags }, context) => {
  const { values: settings } = context.stores.resolveSettings(flags);
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
  if (options['json'] === true) await showJson(context, [], { lost, found: billed, missing, estimated });
  else await write(context.terminal.streams.stdout, reconciledLines(all));
  context.lifetime.interrupt.throwIfAborted();
  if (error !== undefined) throw error;
  return 0;
};
