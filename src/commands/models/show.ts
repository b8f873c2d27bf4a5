import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { Command } from 'commander';
import { findModels } from '../../core/models/find-model.ts';
import { findSuccessor } from '../../core/models/find-successor.ts';
import { OrxError } from '../../errors.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import { endpointsCsv, endpointsJson } from '../../output/models/endpoints-data.ts';
import { type EndpointRow, endpointsTable } from '../../output/models/endpoints-table.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { cardLines, cardMarkdown, type ModelCard } from '../../output/models/card.ts';
import type { Cell } from '../../output/table/table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { readEndpointRows } from './endpoint-rows.ts';
import type { Execute, Run } from '../register.ts';
import { showFormatted } from '../show-formatted.ts';
import { addFormatOptions, tableFormat } from '../table-format.ts';

const HELP = `
Below the card stand the endpoints of the model (the only part that -o csv has); orx endpoints shows
them alone, sorted and filtered, and its --help explains the columns.

Examples:
  orx models show deepseek/deepseek-chat
  orx models show claude-sonnet-4.5 -o markdown > sonnet.md`;

interface ShowOptions {
  refresh?: boolean;
  output?: string;
  json?: boolean;
}

/** Adds `show` to the models command. */
export function registerModelsShow(models: Command, execute: Execute): void {
  const command = models
    .command('show')
    .description('All about one model: prices of every kind, limits, abilities, and who serves it.')
    .argument('<model>', 'id, or a part that only one id has')
    .option('--refresh', 'ask the API even when the stored copies are fresh');
  addFormatOptions(command, "the API's own model and endpoints, exact");
  command.addHelpText('after', HELP).action(execute(runModelsShow));
}

const runModelsShow: Run = async (input, context) => {
  const options = input.options as ShowOptions;
  const format = tableFormat(options);
  const { values: settings } = context.stores.resolveSettings(input.flags);
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ signal: context.lifetime.interrupt, refresh: options.refresh });
  const { models } = reading.catalogue;
  const [model] = findModels(input.words, models, settings.aliases);
  const { rows, notes } = await rowsOrWhyNot(context, settings, model!, options.refresh);
  const successor = model!.expirationDate === undefined ? undefined : findSuccessor(model!, models);
  const card: ModelCard = { model: model!, successor, now: context.clock.now(), site: siteOf(settings) };
  await showFormatted(context, format, {
    notes: [...staleNotes(reading), ...notes],
    lines: (columns) => cardLines(card, columns),
    table: (forTerminal) => endpointsTable(rows, { short: forTerminal }),
    csv: () => endpointsCsv(rows),
    markdown: () => cardMarkdown(card) + (rows.length === 0 ? '' : markdownTable(endpointsTable(rows))),
    json: () => ({ model: model!.wire, successor: successor?.model.id ?? null, endpoints: endpointsJson(rows) }),
  });
  return 0;
};

/** The card is worth showing without the endpoints. */
async function rowsOrWhyNot(
  context: Context,
  settings: ConnectionSettings,
  model: Model,
  refresh: boolean | undefined,
): Promise<{ rows: readonly EndpointRow[]; notes: readonly Cell[] }> {
  try {
    return await readEndpointRows(context, settings, model, { refresh });
  } catch (error) {
    if (!(error instanceof OrxError) || error.kind === 'interrupted') throw error;
    return { rows: [], notes: [{ text: `! no endpoints: ${visibleLine(error.message)}`, tone: 'warning' }] };
  }
}

/** Only OpenRouter's own site is known to have a page of every model. */
function siteOf(settings: ConnectionSettings): string | undefined {
  if (settings.sandbox) return undefined;
  const { hostname, origin } = new URL(settings['base-url']);
  return hostname === 'openrouter.ai' ? origin : undefined;
}
