import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

export const registerGeneration: RegisterCommand = (program, execute) => {
  const command = program.command('show').argument('[id]', 'generation id such as gen-1790000000-…, or last (default)');
  execute(
    withHelp(withJson(command, 'generation (of the API), entry (of the ledger)'), {
      examples: ['orx show', 'orx show last --json', 'orx show gen-1790000000-AbCdEfGhIjKlMnOpQrSt'],
      notes: `
OpenRouter keeps a final record of every answer, even if it was stopped: the provider, its own token counts, times and the cost. orx show gets the record and completes the entry of the ledger.
A new record takes some seconds to appear. If the API has none, orx shows the entry of the ledger.`,
    }),
    async () => (await import('./run.ts')).showGeneration,
  );
};
