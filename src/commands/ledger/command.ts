import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { exportFlags, pruneFlags } from './flags.ts';

const HELP = {
  examples: [
    'orx ledger',
    'orx ledger export --since 30d > october.jsonl',
    'orx ledger export -o csv > costs.csv',
    'orx ledger prune --before 365d',
  ],
  notes: `
The ledger has one entry for each request: time, command, project, model, provider, tokens, duration and cost. It does not contain prompts or answers.
--no-ledger applies to one command; orx config set ledger false turns the ledger off.`,
};

const SEE_TIMES = `
Formats of times: orx help times`;

export const registerLedger: RegisterCommand = (program, execute) => {
  const ledger = withHelp(program.command('ledger'), HELP);
  execute(
    withHelp(
      withJson(
        ledger.command('show', { isDefault: true }).description('Show path, period, entries and total cost of the ledger'),
        'path, entries, first, last, cost',
      ),
      { examples: ['orx ledger show'] },
    ),
    async () => (await import('./show.ts')).showLedger,
  );
  execute(
    withHelp(ledger.command('path').description('Print the path of the ledger'), { examples: ['orx ledger path'] }),
    async () => (await import('./run.ts')).printLedgerPath,
  );
  execute(
    withHelp(
      withFlags(ledger.command('export').description('Export all entries to standard output, oldest first'), exportFlags),
      { examples: ['orx ledger export --since month -o csv > costs.csv'], notes: SEE_TIMES },
    ),
    async () => (await import('./transfer.ts')).exportLedger,
  );
  execute(
    withHelp(ledger.command('import [file]').description('Import entries from an export, or from standard input'), {
      examples: ['orx ledger import october.jsonl'],
      notes: `
orx ledger import skips entries that are already in the ledger.`,
    }),
    async () => (await import('./transfer.ts')).importLedger,
  );
  execute(
    withHelp(withFlags(ledger.command('prune').description('Delete old entries permanently'), pruneFlags), {
      examples: ['orx ledger prune --before 365d'],
      notes: `
orx keeps the entries of the current month and week, because budgets need them.${SEE_TIMES}`,
    }),
    async () => (await import('./run.ts')).pruneLedger,
  );
  execute(
    withHelp(withJson(ledger.command('check').description('Check the ledger for damage; exit 1 if there is any')), {
      examples: ['orx ledger check'],
    }),
    async () => (await import('./run.ts')).ledgerCheck,
  );
  execute(
    withHelp(withJson(ledger.command('reconcile').description('Look up missing costs of stopped or killed requests')), {
      examples: ['orx ledger reconcile'],
    }),
    async () => (await import('./run.ts')).reconcileLedger,
  );
};
