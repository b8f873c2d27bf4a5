import { MODEL_COLUMN_NAMES } from '../../output/models/column-names.ts';
import { addModelsOptions } from './flags.ts';
import { registerModelsDiff } from './diff.ts';
import { registerModelsShow } from './show.ts';
import type { RegisterCommand } from '../register.ts';

const HELP = `
Sorts: price (blended, see --blend), input-price, output-price, latency: lowest first · context,
newest, throughput, uptime, value: highest first · name, by id. throughput, latency and uptime are
those of the best endpoint; value is points of --benchmark for the blended price. What is not known,
and what is not priced by the token, comes behind, what varies last.

Columns: ${wrapList(MODEL_COLUMN_NAMES)}

Prices are USD per million tokens, in CSV exact and per single token. ~ marks one that is rounded to
fit the terminal. On a terminal the list can be searched, sorted and walked through: ? shows the
keys, --static prints it. The catalogue is kept for 5 minutes, the endpoints' figures for 10, and shown with
their age, however old, when the API cannot be reached. See docs/models.md.

Examples:
  orx models claude sonnet
  orx models --tools --vision --max-input-price 1 --sort value
  orx models --provider groq --sort throughput --limit 10
  orx models --free -o ids | head -3
  orx chat -m "$(orx models --pick)" "Why is the sky blue?"`;

/** A comma list in lines of the help's width. */
function wrapList(names: readonly string[]): string {
  return names
    .join(', ')
    .replace(/(.{1,84})(?:, |$)/g, (_, line: string) => `${line}\n  `)
    .trim()
    .replace(/\n/g, ',\n');
}

export const registerModels: RegisterCommand = (program, execute) => {
  const command = program
    .command('models')
    .description('List the models with their prices.')
    .argument('[words...]', 'only models with all these words in id or name')
    .addHelpText('after', HELP);
  addModelsOptions(command);
  command.action(execute(async (input, context) => (await import('./run.ts')).runModels(input, context)));
  registerModelsShow(command, execute);
  registerModelsDiff(command, execute);
};
