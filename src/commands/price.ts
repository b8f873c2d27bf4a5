import { findModels } from '../core/find-model.ts';
import { parseTokenCount } from '../core/parse-count.ts';
import { usageError } from '../errors.ts';
import { rankQuotes } from '../core/rank-quotes.ts';
import { staleNotes } from '../output/catalogue-note.ts';
import { priceJson } from '../output/price-json.ts';
import { priceNote, priceTable } from '../output/price-table.ts';
import type { RegisterCommand, Run } from './register.ts';
import { showJson, showTable } from './show-table.ts';

const DEFAULT_TOKENS = '1000';
const HELP = `
The cost is exact, to the last digit the catalogue gives, at its prices for a prompt of that size at
this moment, cheapest first; × is how many times the cheapest that is not free. A model is named by
its id or by a part of it that no other model has.

Examples:
  orx price deepseek/deepseek-chat openai/gpt-4o --in 1200 --out 400
  orx price claude-sonnet-4.5 --in 200k --out 4k --json`;

interface PriceOptions {
  in?: string;
  out?: string;
  refresh?: boolean;
  json?: boolean;
  history?: string;
}

export const registerPrice: RegisterCommand = (program, execute) => {
  program
    .command('price')
    .description('What this many tokens cost on each model, cheapest first.')
    .argument('[models...]', 'ids, or parts that only one id has')
    .option('--in <tokens>', `tokens of the prompt, such as 1200, 1.2k or 3M (default: ${DEFAULT_TOKENS})`)
    .option('--out <tokens>', `tokens of the answer (default: ${DEFAULT_TOKENS})`)
    .option('--history <model>', 'how the prices of this model went, as far as orx has seen')
    .option('--refresh', 'ask the API even when the stored catalogue is fresh')
    .option('--json', 'the quotes as a JSON array, amounts as exact decimal text')
    .addHelpText('after', HELP)
    .action(execute(runPrice));
};

export const runPrice: Run = async (input, context) => {
  const options = input.options as PriceOptions;
  if (options.history !== undefined) return (await import('./price-history.ts')).runPriceHistory(input, context);
  if (input.words.length === 0) throw usageError('price needs a model', 'name one: orx price deepseek/deepseek-chat');
  const workload = {
    promptTokens: parseTokenCount('--in', options.in ?? DEFAULT_TOKENS),
    completionTokens: parseTokenCount('--out', options.out ?? DEFAULT_TOKENS),
  };
  const { values: settings } = context.resolveSettings(input.flags);
  const reading = await context.readCatalogue(settings, { signal: context.interrupt, refresh: options.refresh });
  const models = findModels(input.words, reading.catalogue.models, settings.aliases);
  const quotes = rankQuotes(models, workload, new Date(context.clock.now()));
  if (options.json === true) {
    await showJson(
      context,
      staleNotes(reading),
      quotes.map((quote) => priceJson(quote, workload)),
    );
    return 0;
  }
  const isGiven = { in: options.in !== undefined, out: options.out !== undefined };
  const notes = [{ text: priceNote(workload, isGiven, reading.ageMs) }, ...staleNotes(reading)];
  await showTable(context, { notes, table: (forTerminal) => priceTable(quotes, { bars: forTerminal }) });
  return 0;
};
