import { Option } from 'commander';
import { QUANTIZATIONS } from '../../core/settings/closed-lists.ts';
import { findModels } from '../../core/models/find-model.ts';
import { parseBlend } from '../../core/models/blend.ts';
import { type EndpointFilter, filterEndpoints } from '../../core/models/filter-endpoints.ts';
import { ENDPOINT_SORTS, type EndpointSort, sortEndpoints } from '../../core/models/sort-endpoints.ts';
import { parseTokenCount } from '../../core/settings/parse-count.ts';
import { pricePair, someOf } from '../../core/settings/parsers.ts';
import { decimal } from '../../decimal.ts';
import { catalogueAge, staleNotes } from '../../output/models/catalogue-note.ts';
import { endpointsCsv, endpointsJson } from '../../output/models/endpoints-data.ts';
import { endpointsTable } from '../../output/models/endpoints-table.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { readEndpointRows } from './endpoint-rows.ts';
import type { RegisterCommand, Run } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { showFormatted } from '../show-formatted.ts';
import { addFormatOptions, tableFormat } from '../table-format.ts';

const HELP = `
pin is what --only and --provider take. Prices are USD per million tokens; the order by price blends
them as --blend says. p50 and p99 are seconds to the first token and tok/s is the median
speed, of the last half hour; the API tells them to those with a key. "my" columns are what your own
requests measured. data: zdr keeps nothing of a prompt, not zdr is not in the API's list of those, and
? means that the list could not be read.

Examples:
  orx endpoints deepseek-chat --sort throughput
  orx endpoints deepseek-chat --zdr --max-price 0.5,2 --json`;

interface EndpointsOptions {
  sort?: EndpointSort;
  reverse?: boolean;
  zdr?: boolean;
  minContext?: string;
  maxPrice?: string;
  quantization?: string;
  refresh?: boolean;
  output?: string;
  json?: boolean;
}

export const registerEndpoints: RegisterCommand = (program, execute) => {
  const command = program
    .command('endpoints')
    .description('Who serves a model: prices, limits, speed and data policy of each of its endpoints.')
    .argument('<model>', 'id, or a part that only one id has')
    .addOption(new Option('--sort <order>', "order of the list (default: the API's own)").choices(ENDPOINT_SORTS))
    .option('--reverse', 'the other way round')
    .option('--zdr', 'only those that keep nothing of a prompt')
    .option('--min-context <tokens>', 'only with at least so much context, such as 128k')
    .option('--max-price <in,out>', 'only what is not dearer, USD per million tokens in and out')
    .option('--quantization <levels>', 'only these, such as fp8,bf16; unknown for what is not told (comma list)')
    .option('--refresh', 'ask the API even when the stored copy is fresh');
  addSettingOptions(command, ['blend']);
  addFormatOptions(command, "the API's own objects, exact, with zdr and measured added");
  command.addHelpText('after', HELP).action(execute(runEndpoints));
};

const runEndpoints: Run = async (input, context) => {
  const options = input.options as EndpointsOptions;
  const format = tableFormat(options);
  const filter = parseFilter(options);
  const { values: settings } = context.stores.resolveSettings(input.flags);
  const catalogue = await context.apis.for(settings).readCatalogue({ signal: context.lifetime.interrupt });
  const [model] = findModels(input.words.slice(0, 1), catalogue.catalogue.models, settings.aliases);
  const { rows, ageMs, notes } = await readEndpointRows(context, settings, model!, { ...options, needsZdr: options.zdr });
  const rowOf = new Map(rows.map((row) => [row.endpoint, row]));
  const stored = filterEndpoints([...rowOf.keys()], filter, (endpoint) => rowOf.get(endpoint)?.keepsNothing);
  const sorted =
    options.sort === undefined
      ? stored
      : sortEndpoints(stored, options.sort, { reverse: options.reverse, blend: parseBlend(settings.blend) });
  const inOrder = options.sort === undefined && options.reverse === true ? sorted.toReversed() : sorted;
  const count = inOrder.length === rows.length ? String(rows.length) : `${inOrder.length} of ${rows.length}`;
  const note = `${visibleLine(model!.id)}: ${count} ${rows.length === 1 ? 'endpoint' : 'endpoints'}, ${catalogueAge(ageMs)}`;
  const shown = inOrder.map((endpoint) => rowOf.get(endpoint)!);
  await showFormatted(context, format, {
    notes: [{ text: note }, ...staleNotes(catalogue), ...notes],
    table: (forTerminal) => endpointsTable(shown, { short: forTerminal }),
    csv: () => endpointsCsv(shown),
    markdown: () => markdownTable(endpointsTable(shown)),
    json: () => endpointsJson(shown),
  });
  return 0;
};

function parseFilter({ zdr, minContext, maxPrice, quantization }: EndpointsOptions): EndpointFilter {
  const prices = maxPrice === undefined ? undefined : pricePair('max-price')(maxPrice);
  return {
    zdr,
    minContext: minContext === undefined ? undefined : parseTokenCount('--min-context', minContext),
    maxPrice: prices && { prompt: decimal(prices.prompt), completion: decimal(prices.completion) },
    quantizations:
      quantization === undefined ? undefined : someOf('--quantization', QUANTIZATIONS).parse(quantization.toLowerCase()),
  };
}
