import { withFlags } from '../commander.ts';
import { priceFilterFlags } from '../catalogue/filter-flags.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { priceFlags, QUOTED_ROUTING } from './flags.ts';

const HELP = {
  examples: [
    'orx price deepseek/deepseek-chat openai/gpt-4o --in 1200 --out 400',
    'cat spec.md | orx price claude-sonnet-4.5 --out 800 --requests 10000',
    'orx price gpt-4o -f report.txt -a chart.png --data-policy strict',
    'orx price --tools --min-context 200k --chart --against coding',
  ],
  details: `
For up to 20 models the cost is a range over the endpoints that routing may choose; for more it is the price of the catalog. It is exact for the given tokens: every kind of price, tier and hour is included. × is a multiple of the cheapest model that is not free.
orx counts tokens with OpenAI's tokenizers: exact for OpenAI models, an estimate with its margin for all others.
Axes of --against: context, intelligence, coding, agentic`,
};

export const registerPrice: RegisterCommand = (program, execute) => {
  const declared = withFlags(
    program.command('price').argument('[models...]', 'ids, or parts that only one id has (default: all that pass the filters)'),
    priceFlags,
  );
  addFlagAlias(declared, '--format <format>', 'output');
  addSettingOptions(declared, ['system']);
  addSettingOptions(declared, QUOTED_ROUTING, 'Routing:');
  const command = withHelp(withFlags(declared, priceFilterFlags), HELP);
  execute(command, async () => (await import('./run.ts')).priceCommand);
};
