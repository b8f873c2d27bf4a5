import type { RegisterCommand } from './register.ts';
import { withJson } from './with-json.ts';

const HELP = `
Amounts are those of the ledger, to the last digit. What is not billed is marked: "looked up" was
asked for afterwards, "about" is an estimate.

Examples:
  orx cost                 what the last run cost
  orx cost today
  orx cost 01k9            a conversation, by the beginning of its id`;

export const registerCost: RegisterCommand = (program, execute) => {
  withJson(
    program
      .command('cost')
      .description('Receipts from the ledger: of the last run, a conversation, today, this week or this month.')
      .argument('[what]', 'last, today, week, month, or the beginning of a conversation id', 'last')
      .option('--limit <count>', 'no more lines than this; the total is of all', '50')
      .addHelpText('after', HELP),
    'one object: entries and their total, amounts as exact decimal text',
  ).action(execute(async (input, context) => (await import('./cost-run.ts')).showCost(input, context)));
};
