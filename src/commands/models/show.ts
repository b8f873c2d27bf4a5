import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { findModels, withoutAlias } from '../../core/models/find-model.ts';
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
import { readEndpointRows } from '../catalogue/endpoint-rows.ts';
import { withinPolicy } from '../catalogue/within-policy.ts';
import { parseShow, type ShowOptions } from './options.ts';
import { showFormatted } from '../show-formatted.ts';

/** `orx models show` */
export const showModel = { parse: parseShow, run: runShow };

async function runShow(options: ShowOptions, context: Context): Promise<number> {
  const { settings, name, format, refresh } = options;
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ scope: scopeOf([withoutAlias(name, settings.aliases ?? {})]), signal: context.lifetime.interrupt, refresh });
  const { models } = reading.catalogue;
  const [model] = findModels([name], models, settings.aliases);
  const { rows: all, notes } = await rowsOrWhyNot(context, settings, model!, refresh);
  const { allowed: rows, notes: policyNotes } = all.length === 0 ? { allowed: all, notes: [] } : withinPolicy(all, options);
  const successor = model!.expirationDate === undefined ? undefined : findSuccessor(model!, models);
  const card: ModelCard = { model: model!, successor, now: context.clock.now(), site: siteOf(settings) };
  await showFormatted(context, format, {
    isSandbox: settings.sandbox,
    notes: [...staleNotes(reading), ...policyNotes, ...notes],
    lines: (columns) => cardLines(card, columns),
    table: (forTerminal) => endpointsTable(rows, { short: forTerminal }),
    csv: () => endpointsCsv(rows),
    markdown: () => cardMarkdown(card) + (rows.length === 0 ? '' : markdownTable(endpointsTable(rows))),
    json: () => ({ model: model!.wire, successor: successor?.model.id ?? null, endpoints: endpointsJson(rows) }),
  });
  return 0;
}

/** Returns the endpoint rows, or a note with the reason why they are missing: the card is useful without them. */
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
    return { rows: [], notes: [{ text: `warning: no endpoints: ${visibleLine(error.message)}`, tone: 'warning' }] };
  }
}

/** Returns the website with model pages; undefined unless the base URL is OpenRouter's own. */
function siteOf(settings: ConnectionSettings): string | undefined {
  if (settings.sandbox) return undefined;
  const { hostname, origin } = new URL(settings['base-url']);
  return hostname === 'openrouter.ai' ? origin : undefined;
}
