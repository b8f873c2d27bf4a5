import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { findModels, withoutAlias } from '../../core/models/find-model.ts';
import { parseBlend } from '../../core/models/blend.ts';
import { filterEndpoints } from '../../core/models/filter-endpoints.ts';
import { sortEndpoints } from '../../core/models/sort-endpoints.ts';
import { catalogueAge, staleNotes } from '../../output/models/catalogue-note.ts';
import { endpointsCsv, endpointsJson } from '../../output/models/endpoints-data.ts';
import { endpointsTable } from '../../output/models/endpoints-table.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { readEndpointRows } from '../catalogue/endpoint-rows.ts';
import type { Endpoint } from '../../apis/catalogue.ts';
import type { EndpointRow } from '../../output/models/endpoints-table.ts';
import type { Cell } from '../../output/table/table.ts';
import type { Context } from '../context.ts';
import { type EndpointsOptions, parseEndpoints } from './options.ts';
import { showFormatted } from '../show-formatted.ts';

/** `orx endpoints` */
export const endpoints = { parse: parseEndpoints, run: runEndpoints };

async function runEndpoints(options: EndpointsOptions, context: Context): Promise<number> {
  const { settings, name, format, filter, refresh } = options;
  const catalogue = await context.apis
    .for(settings)
    .readCatalogue({ scope: scopeOf([withoutAlias(name, settings.aliases ?? {})]), signal: context.lifetime.interrupt });
  const [model] = findModels([name], catalogue.catalogue.models, settings.aliases);
  const { rows, ageMs, notes } = await readEndpointRows(context, settings, model!, { refresh, needsZdr: filter.zdr });
  const rowOf = new Map(rows.map((row) => [row.endpoint, row]));
  const { allowed, notes: policyNotes } = withinPolicy(rows, options);
  const stored = filterEndpoints(allowed, filter, (endpoint) => rowOf.get(endpoint)?.keepsNothing);
  const sorted =
    options.sort === undefined
      ? stored
      : sortEndpoints(stored, options.sort, { reverse: options.reverse, blend: parseBlend(settings.blend) });
  const inOrder = options.sort === undefined && options.reverse ? sorted.toReversed() : sorted;
  const count = inOrder.length === rows.length ? String(rows.length) : `${inOrder.length} of ${rows.length}`;
  const note = `${visibleLine(model!.id)}: ${count} ${rows.length === 1 ? 'endpoint' : 'endpoints'}, ${catalogueAge(ageMs)}`;
  const shown = inOrder.map((endpoint) => rowOf.get(endpoint)!);
  await showFormatted(context, format, {
    isSandbox: settings.sandbox,
    notes: [{ text: note }, ...policyNotes, ...staleNotes(catalogue), ...notes],
    table: (forTerminal) => endpointsTable(shown, { short: forTerminal }),
    csv: () => endpointsCsv(shown),
    markdown: () => markdownTable(endpointsTable(shown)),
    json: () => endpointsJson(shown),
  });
  return 0;
}

/** Returns the endpoints that the data policy allows, and notes about the others. Those whose policy is not known stay. */
function withinPolicy(
  rows: readonly EndpointRow[],
  { filter, policy, isPolicyTyped }: EndpointsOptions,
): { allowed: readonly Endpoint[]; notes: readonly Cell[] } {
  const all = rows.map(({ endpoint }) => endpoint);
  // --zdr is the same as a filter, so it needs no explanation.
  if (policy === undefined || filter.zdr === true) return { allowed: all, notes: [] };
  const allowed = rows.filter(({ keepsNothing }) => keepsNothing !== false).map(({ endpoint }) => endpoint);
  const hidden = all.length - allowed.length;
  const how = isPolicyTyped ? '' : '; show all: --allow-data-collection';
  const notes = [
    ...(hidden === 0
      ? []
      : [`warning: ${hidden} ${hidden === 1 ? 'endpoint' : 'endpoints'} hidden by ${policy}: no zero data retention${how}`]),
    ...(rows.some(({ keepsNothing }) => keepsNothing === undefined)
      ? [`warning: the list of endpoints with zero data retention cannot be read: ${policy} may remove more`]
      : []),
    ...(policy === 'zdr' ? [] : ['the API does not say which providers train on prompts: it may remove more']),
  ];
  return { allowed, notes: notes.map((text) => (text.startsWith('warning: ') ? { text, tone: 'warning' } : { text })) };
}
