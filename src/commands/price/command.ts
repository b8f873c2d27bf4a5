import { withFlags } from '../commander.ts';
import { priceFilterFlags } from '../catalogue/filter-flags.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { priceFlags, QUOTED_ROUTING } from './flags.ts';

const HELP = `
For up to 20 models the cost is a range over the endpoints that routing may pick, cheapest first; for
more it is the catalogue's price. It is exact for the tokens it is quoted for: every kind of price,
tiers and hours included. × is how many times the cheapest that is not free. Tokens are counted with
OpenAI's tokenizers: exact for OpenAI's models, an estimate with its margin for all others.

Examples:
  orx price deepseek/deepseek-chat openai/gpt-4o --in 1200 --out 400
  cat spec.md | orx price claude-sonnet-4.5 --out 800 --cached 80% --requests 10000
  orx price gpt-4o -f report.txt -a chart.png --data-policy strict
  orx price --tools --min-context 200k --chart --against coding`;

export const registerPrice: RegisterCommand = (program, execute) => {
  const declared = withFlags(
    program
      .command('price')
      .description('What a prompt costs on each model before it is sent, cheapest first.')
      .argument('[models...]', 'ids, or parts that only one id has; without: all models that pass the filters'),
    priceFlags,
  );
  addFlagAlias(declared, '--format <format>', 'output');
  addSettingOptions(declared, ['system']);
  addSettingOptions(declared, QUOTED_ROUTING, 'Routing:');
  const command = withFlags(declared, priceFilterFlags).addHelpText('after', HELP);
  execute(command, async () => (await import('./run.ts')).priceCommand);
};
