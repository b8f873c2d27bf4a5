import type { RegisterCommand } from '../register.ts';
import { withFlags } from '../commander.ts';
import { costFlags } from './flags.ts';
import { TIME_HELP } from '../time-help.ts';
import { withJson } from '../with-json.ts';

const HELP = `
The last command is one question with all its requests (tools, retries), or one comparison. Amounts
are those of the ledger, to the last digit. What is not billed is marked: "looked up" was asked for
afterwards, "about" is an estimate.
${TIME_HELP}

Examples:
  orx cost                 what the last command cost
  orx cost today
  orx cost --since 2026-11-01 --until yesterday
  orx cost 01k9            a conversation, by the beginning of its id`;

export const registerCost: RegisterCommand = (program, execute) => {
  const cost = program
    .command('cost')
    .description('Show what the last command, a conversation or a time cost, from the ledger.')
    .argument('[what]', 'last, a time such as today or 30d, or the beginning of a conversation id (default: last)');
  execute(
    withJson(
      withFlags(cost, costFlags).addHelpText('after', HELP),
      'one object: entries and their total, amounts as exact decimal text',
    ),
    async () => (await import('./cost-run.ts')).cost,
  );
};
