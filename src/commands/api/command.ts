import { LEDGER_SETTINGS } from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { rawApiFlags } from './flags.ts';

export const registerRawApi: RegisterCommand = (program, execute) => {
  const plain = program.command('api').argument('<path>', 'path below the base URL, such as models or keys');
  const command = withFlags(plain, rawApiFlags);
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  execute(
    withHelp(command, {
      examples: [
        'orx api key',
        'orx api models -X GET -f q=claude | jq -r ".data[].id"',
        'orx api keys --paginate',
        'orx api generation/feedback -f generation_id=gen-1 -f category=latency',
        'orx api embeddings -f model=openai/text-embedding-3-small -f input=hello',
      ],
      notes: `
orx api prints the body unchanged in a pipe, and JSON with indentation on a terminal. It sends your key only to the host of the base URL, never retries, and exits as other commands do if the API answers with an error.

Keys of fields may have the forms a[b] and a[]. With fields or --input, the default method is POST; with GET or --input, fields become the query. Requests that may cost money are recorded in the ledger; if a budget applies, they fail with exit 4.`,
    }),
    async () => (await import('./run.ts')).rawApi,
  );
};
