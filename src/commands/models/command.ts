import { MODEL_COLUMN_NAMES } from '../../output/models/column-names.ts';
import { filterFlags } from '../catalogue/filter-flags.ts';
import { withFlags } from '../commander.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { addFormatOptions } from '../table-format.ts';
import { diffFlags, endpointsFlags, modelsFlags, showFlags } from './flags.ts';

const HELP = {
  examples: [
    'orx models claude sonnet',
    'orx models --tools --vision --max-input-price 1 --sort value',
    'orx models --provider groq --sort throughput --limit 10',
    'orx models --free -o ids | head -3',
    'orx chat -m "$(orx models --pick)" "Why is the sky blue?"',
  ],
  notes: `
Sort orders, lowest first: price (blended), input-price, output-price, latency; highest first: context, newest, throughput, uptime, value; name.
Prices are USD per million tokens. On a terminal, ? shows the keys of the live table.`,
  details: `
Columns: ${MODEL_COLUMN_NAMES.join(', ')}
Benchmarks of --benchmark: intelligence, coding, agentic
throughput, latency and uptime are those of the best endpoint. value is benchmark points per blended price. Models with an unknown value come last.
~ marks a price that is rounded to fit the terminal. CSV has exact prices per single token.
orx caches the catalog for 5 minutes and endpoint figures for 10, and shows their age if it cannot reach the API.`,
};

const SHOW_HELP = {
  examples: ['orx models show deepseek/deepseek-chat', 'orx models show claude-sonnet-4.5 -o markdown > sonnet.md'],
  notes: `
-o csv prints only the endpoints. orx endpoints sorts and filters them, and its help explains the columns.`,
};

const DIFF_HELP = {
  examples: [
    'orx models diff --since 30d',
    'orx models diff 2026-08-02 2026-08-05 -o csv',
    'orx models diff before.json after.json --json | jq .repriced',
  ],
  notes: `
A and B are times, or files with a saved catalog (the body of GET /models). Without B, orx compares with the current catalog.
orx keeps each fetched catalog for a year.
Formats of times: orx help times`,
};

const ENDPOINTS_HELP = {
  examples: ['orx endpoints deepseek-chat --sort throughput', 'orx endpoints deepseek-chat --zdr --max-price 0.5,2 --json'],
  notes: `
Sort orders, lowest first: price, input-price, output-price, latency; highest first: throughput, uptime, context; name.
pin: value for --only and --provider. p50 and p99: seconds to the first token. tok/s: median speed of the last 30 minutes (needs a key). my: measured in your own requests. data: zdr is zero data retention; not zdr is not in the API's list; ? is unknown.
Prices are USD per million tokens; --sort price blends them with --blend.`,
};

/** The stored policy is a minimum; `--zdr` is a filter here. */
const POLICY_SETTINGS = ['data-policy', 'allow-data-collection'] as const;

export const registerModels: RegisterCommand = (program, execute) => {
  const declared = withFlags(
    withHelp(program.command('models').argument('[words...]', 'words that the id or name contains'), HELP),
    modelsFlags,
  );
  addFlagAlias(declared, '--format <format>', 'output');
  addSettingOptions(declared, ['blend']);
  const models = addSettingOptions(withFlags(declared, filterFlags), POLICY_SETTINGS, 'Filters:');
  execute(models, async () => (await import('./run.ts')).models);
  const show = models
    .command('show')
    .description('Show one model: prices, limits, capabilities and endpoints')
    .argument('<model>', 'id, or a part that only one id has');
  execute(
    withHelp(
      addFormatOptions(
        addSettingOptions(withFlags(show, showFlags), POLICY_SETTINGS),
        "print the API's model and endpoints as JSON",
      ),
      SHOW_HELP,
    ),
    async () => (await import('./show.ts')).showModel,
  );
  const diff = models
    .command('diff')
    .description('Show new, removed, repriced and changed models')
    .argument('[versions...]', 'A and B: times or files');
  execute(
    withHelp(addFormatOptions(withFlags(diff, diffFlags), 'print JSON, amounts as decimal text in USD per unit'), DIFF_HELP),
    async () => (await import('./diff.ts')).diffModels,
  );
};

export const registerEndpoints: RegisterCommand = (program, execute) => {
  const declared = withFlags(
    program.command('endpoints').argument('<model>', 'id, or a part that only one id has'),
    endpointsFlags,
  );
  addSettingOptions(declared, ['blend', ...POLICY_SETTINGS]);
  execute(
    withHelp(addFormatOptions(declared, "print the API's objects with zdr and measured as JSON"), ENDPOINTS_HELP),
    async () => (await import('./endpoints.ts')).endpoints,
  );
};
