import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { exportFlags, pruneFlags } from './flags.ts';

const HELP = `
Every request of orx is one entry: when, by which command, in which project, which model and
provider, tokens, times, and what it cost. No text of prompts or answers. Switch it off for one
request with --no-ledger, or for good with: orx config set ledger false

Examples:
  orx ledger export --since 30d > october.jsonl
  orx ledger export -o csv > costs.csv
  orx ledger prune --before 365d`;

export const registerLedger: RegisterCommand = (program, execute) => {
  const ledger = program
    .command('ledger')
    .description('Where the ledger is, its data in and out, and its care.')
    .addHelpText('after', HELP);
  execute(
    ledger.command('path').description('Print where the ledger is stored.'),
    async () => (await import('./run.ts')).printLedgerPath,
  );
  execute(
    withFlags(ledger.command('export').description('Write all entries to standard output, oldest first.'), exportFlags),
    async () => (await import('./transfer.ts')).exportLedger,
  );
  execute(
    ledger
      .command('import [file]')
      .description('Add entries that an export wrote (JSON lines), from a file or standard input. Known ones are left alone.'),
    async () => (await import('./transfer.ts')).importLedger,
  );
  execute(
    withFlags(
      ledger.command('prune').description('Delete entries for good. Those of the current month stay: budgets need them.'),
      pruneFlags,
    ),
    async () => (await import('./run.ts')).pruneLedger,
  );
  execute(
    withJson(ledger.command('check').description('Look for damage and contradictions. Exit 1 when there are any.'), 'one object'),
    async () => (await import('./run.ts')).ledgerCheck,
  );
  execute(
    withJson(
      ledger
        .command('reconcile')
        .description('Look up the bills that never came: of stopped answers, and of runs that were killed.'),
      'one object',
    ),
    async () => (await import('./run.ts')).reconcileLedger,
  );
};
