import { Option } from 'commander';
import type { RegisterCommand } from '../register.ts';
import { TIME_HELP } from '../time-help.ts';
import { withJson } from '../with-json.ts';

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
  ledger
    .command('path')
    .description('Print where the ledger is stored.')
    .action(execute(async (input, context) => (await import('./run.ts')).printLedgerPath(input, context)));
  ledger
    .command('export')
    .description('Write all entries to standard output, oldest first.')
    .addOption(
      new Option('-o, --output <format>', 'JSON lines that import reads, or CSV').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('--since <when>', 'only entries from then on, such as 30d, 2026-11-01 or month')
    .option('--until <when>', 'only entries up to then')
    .addHelpText('after', TIME_HELP)
    .action(execute(async (input, context) => (await import('./transfer.ts')).exportLedger(input, context)));
  ledger
    .command('import [file]')
    .description('Add entries that an export wrote (JSON lines), from a file or standard input. Known ones are left alone.')
    .action(execute(async (input, context) => (await import('./transfer.ts')).importLedger(input, context)));
  ledger
    .command('prune')
    .description('Delete entries for good. Those of the current month stay: budgets need them.')
    .requiredOption('--before <when>', 'entries older than this, such as 365d or 2026-01-01')
    .addHelpText('after', TIME_HELP)
    .action(execute(async (input, context) => (await import('./run.ts')).pruneLedger(input, context)));
  withJson(
    ledger.command('check').description('Look for damage and contradictions. Exit 1 when there are any.'),
    'one object',
  ).action(execute(async (input, context) => (await import('./run.ts')).runLedgerCheck(input, context)));
  withJson(
    ledger
      .command('reconcile')
      .description('Look up the bills that never came: of stopped answers, and of runs that were killed.'),
    'one object',
  ).action(execute(async (input, context) => (await import('./run.ts')).reconcileLedger(input, context)));
};
