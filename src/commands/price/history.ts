import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { findModels } from '../../core/models/find-model.ts';
import { priceSteps } from '../../core/price/steps.ts';
import { historyLines } from '../../output/history/lines.ts';
import { historyCsv, historyJson, historyTable } from '../../output/price/history-table.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { countText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { ModelSpan, Market } from '../../storage/market/market.ts';
import type { Context } from '../context.ts';
import { noSnapshots } from '../catalogue/diff-sides.ts';
import { showFormatted } from '../show-formatted.ts';
import type { HistoryOptions } from './options.ts';

/** `orx price <model> --history`, also with the model after the flag: how its prices changed, from the stored snapshots. */
export async function runPriceHistory(
  { settings, model, since, start, format }: HistoryOptions,
  context: Context,
): Promise<number> {
  const { id, history } = await findHistory(context, settings, model);
  const steps = priceSteps(history).filter(({ to }) => start === undefined || to >= start);
  if (steps.length === 0) throw noSnapshots(`no price of ${id} is stored since ${since}`);
  const changes = steps.filter((step) => step.changes.length > 0).length;
  const note = `${visibleLine(id)}: ${changes === 0 ? 'no change' : `${countText(changes)} ${changes === 1 ? 'change' : 'changes'}`} of price seen`;
  await showFormatted(context, format, {
    isSandbox: settings.sandbox,
    notes: [{ text: note }],
    lines: (columns) => historyLines(steps, columns),
    table: (forTerminal) => historyTable(steps, { short: forTerminal }),
    csv: () => historyCsv(steps),
    markdown: () => markdownTable(historyTable(steps)),
    json: () => ({ model: id, steps: historyJson(steps) }),
  });
  return 0;
}

/** Finds a model by its exact id, even if it no longer exists, or by a part of its id in the current catalog. */
async function findHistory(
  context: Context,
  settings: ConnectionSettings & CatalogueSettings,
  text: string,
): Promise<{ id: string; history: readonly ModelSpan[] }> {
  const market: Market = await context.stores.for(settings).openMarket();
  const exact = market.history(text);
  if (exact.length > 0) return { id: text, history: exact };
  const reading = await context.apis.for(settings).readCatalogue({ signal: context.lifetime.interrupt });
  const [model] = findModels([text], reading.catalogue.models, settings.aliases);
  const history = market.history(model!.id);
  if (history.length === 0) throw noSnapshots(`no past price of ${model!.id} is stored yet`);
  return { id: model!.id, history };
}
