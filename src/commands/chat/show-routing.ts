import type { ChatRequest } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { promptSize } from '../../core/budget/prompt-size.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { findModels } from '../../core/models/find-model.ts';
import { withoutEffect } from '../../core/price/without-effect.ts';
import { explainRouting } from '../../core/price/explain-routing.ts';
import { askedParameters } from '../../core/routing/asked-parameters.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { OrxError, usageError } from '../../errors.ts';
import { routingJson, routingTable } from '../../output/models/routing-table.ts';
import type { Cell } from '../../output/table/table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { readEndpointRows } from '../catalogue/endpoint-rows.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';

/**
 * `--explain-routing`: prints the endpoints of each model of a request in the order in which the API tries them, with the filter that
 * removes each of the others. Sends no completion. Throws kind `no-endpoint` afterwards if no endpoint of any model is left.
 */
export async function showRouting(
  request: ChatRequest,
  settings: ChatSettings,
  format: string,
  context: Context,
): Promise<number> {
  const models = [request.model, ...(request.fallbackModels ?? [])].filter((model) => !isDirect(model));
  if (models.length === 0)
    throw usageError(
      `requests to ${request.model} are not routed: it has one provider`,
      'use a model of OpenRouter: -m AUTHOR/MODEL',
    );
  const { routing = {}, maxTokens = 0 } = request;
  const question = {
    routing,
    workload: { promptTokens: promptSize(request, undefined).estimated, completionTokens: maxTokens },
    parameters: askedParameters(request),
  };
  const { interrupt: signal } = context.lifetime;
  const explained: Record<string, unknown>[] = [];
  let isAnyLeft = false;
  for (const name of models) {
    const { catalogue } = await context.apis.for(settings).readCatalogue({ scope: scopeOf([name]), signal });
    const [model] = findModels([name], catalogue.models, settings.aliases);
    const { rows: endpoints } = await readEndpointRows(context, settings, model!, { needsZdr: routing.zeroDataRetention });
    const rows = explainRouting(model!, endpoints, question);
    const left = rows.filter(({ removedBy }) => removedBy === undefined).length;
    isAnyLeft ||= left > 0;
    const idle = withoutEffect(
      model!,
      endpoints.map(({ endpoint }) => endpoint),
      routing,
    );
    explained.push(routingJson(model!.id, rows, idle));
    if (format !== 'text') continue;
    const notes: Cell[] = [
      { text: `${visibleLine(model!.id)}: ${left} of ${rows.length} endpoints left, ${orderText(routing.sort, routing.order)}` },
      ...(routing.dataCollection === 'deny'
        ? [{ text: 'the API does not say which providers train on prompts: it may remove more' }]
        : []),
      ...idle.map(({ flag, because }) => ({ text: visibleLine(`${flag} has no effect: ${because}`) })),
    ];
    await showTable(context, { isSandbox: settings.sandbox, notes, table: () => routingTable(rows) });
  }
  if (format !== 'text') await showJson(context, [], explained);
  if (!isAnyLeft)
    throw new OrxError('no endpoint is left', {
      kind: 'no-endpoint',
      code: 'all-removed',
      hints: ['relax a filter of the last column', 'find a model that fits: orx models'],
    });
  return 0;
}

function orderText(sort: string | undefined, order: readonly string[] | undefined): string {
  if (sort !== undefined) return `in the order of --route-by ${sort}`;
  return order === undefined
    ? 'most likely order: the API chooses at random, cheap ones more often'
    : 'those of --provider first';
}
