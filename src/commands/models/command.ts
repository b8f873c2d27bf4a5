import { MODEL_COLUMN_NAMES } from '../../output/models/column-names.ts';
import { filterFlags } from '../catalogue/filter-flags.ts';
import { withFlags } from '../commander.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { addFormatOptions } from '../table-format.ts';
import { TIME_HELP } from '../time-help.ts';
import { diffFlags, endpointsFlags, modelsFlags, showFlags } from './flags.ts';

const HELP = `
Sorts: price (blended, see --blend), input-price, output-price, latency: lowest first · context,
newest, throughput, uptime, value: highest first · name, by id. throughput, latency and uptime are
those of the best endpoint; value is points of --benchmark for the blended price. What is not known,
and what is not priced by the token, comes behind, what varies last.

Columns: ${wrapList(MODEL_COLUMN_NAMES)}

Prices are USD per million tokens, in CSV exact and per single token. ~ marks one that is rounded to
fit the terminal. On a terminal the list can be searched, sorted and walked through: ? shows the
keys, --static prints it. The catalogue is cached for 5 minutes, the endpoints' figures for 10, and shown with
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

const SHOW_HELP = `
Below the card stand the endpoints of the model (the only part that -o csv has); orx endpoints shows
them alone, sorted and filtered, and its --help explains the columns.

Examples:
  orx models show deepseek/deepseek-chat
  orx models show claude-sonnet-4.5 -o markdown > sonnet.md`;

const DIFF_HELP = `
Without words the present catalogue is compared with that of --since. A and B are times (a
day or month at its end) or files that hold a saved catalogue (the body of GET /models); with A
alone, B is the present. orx keeps the catalogue whenever it fetches it, for a year, and what has not
changed takes no more room: see --list.
${TIME_HELP}

Examples:
  orx models diff --since 30d
  orx models diff 2026-08-02 2026-08-05 -o csv
  orx models diff before.json after.json --json | jq .repriced`;

const ENDPOINTS_HELP = `
pin is what --only and --provider take. Prices are USD per million tokens; the order by price blends
them as --blend says. p50 and p99 are seconds to the first token and tok/s is the median
speed, of the last half hour; the API tells them to those with a key. "my" columns are what your own
requests measured. data: zdr keeps nothing of a prompt, not zdr is not in the API's list of those, and
? means that the list could not be read.

Examples:
  orx endpoints deepseek-chat --sort throughput
  orx endpoints deepseek-chat --zdr --max-price 0.5,2 --json`;

export const registerModels: RegisterCommand = (program, execute) => {
  const declared = withFlags(
    program
      .command('models')
      .description('List the models with their prices.')
      .argument('[words...]', 'only models with all these words in id or name')
      .addHelpText('after', HELP),
    modelsFlags,
  );
  addFlagAlias(declared, '--format <format>', 'output');
  addSettingOptions(declared, ['blend']);
  const models = withFlags(declared, filterFlags);
  execute(models, async () => (await import('./run.ts')).models);
  const show = models
    .command('show')
    .description('All about one model: prices of every kind, limits, abilities, and who serves it.')
    .argument('<model>', 'id, or a part that only one id has');
  execute(
    addFormatOptions(withFlags(show, showFlags), "the API's own model and endpoints, exact").addHelpText('after', SHOW_HELP),
    async () => (await import('./show.ts')).showModel,
  );
  const diff = models
    .command('diff')
    .description('What changed: new models, models that went or will, prices and limits.')
    .argument('[moments...]', 'A and B: times or files');
  execute(
    addFormatOptions(withFlags(diff, diffFlags), 'amounts as exact decimal text, USD per unit').addHelpText('after', DIFF_HELP),
    async () => (await import('./diff.ts')).diffModels,
  );
};

export const registerEndpoints: RegisterCommand = (program, execute) => {
  const declared = withFlags(
    program
      .command('endpoints')
      .description('Who serves a model: prices, limits, speed and data policy of each of its endpoints.')
      .argument('<model>', 'id, or a part that only one id has'),
    endpointsFlags,
  );
  addSettingOptions(declared, ['blend']);
  execute(
    addFormatOptions(declared, "the API's own objects, exact, with zdr and measured added").addHelpText('after', ENDPOINTS_HELP),
    async () => (await import('./endpoints.ts')).endpoints,
  );
};
