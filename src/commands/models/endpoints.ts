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
import { withinPolicy } from '../catalogue/within-policy.ts';
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
  // --zdr is the same as a filter, so it needs no explanation.
  const { allowed, notes: policyNotes } = filter.zdr === true ? { allowed: rows, notes: [] } : withinPolicy(rows, options);
  const endpointsLeft = allowed.map(({ endpoint }) => endpoint);
  const stored = filterEndpoints(endpointsLeft, filter, (endpoint) => rowOf.get(endpoint)?.keepsNothing);
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
