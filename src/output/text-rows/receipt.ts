import type { RequestSums } from '../../core/text-rows/request-totals.ts';
import { moneyText } from '../text/money.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { countText } from '../text/number.ts';
import { withSandboxLabel } from '../text/sandbox-label.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the line after the last result: the model, what was sent, and what it cost. `unit`: what a row is called, in the plural. */
export function textRowsReceipt(
  sums: RequestSums,
  { asked, isSandbox, unit }: { asked: string; isSandbox: boolean; unit: 'texts' | 'documents' },
): string {
  const { model = asked, provider, texts, requests, tokens, searchUnits } = sums;
  const parts = [
    nameWithoutAuthor(model),
    provider,
    counted(texts, unit),
    counted(requests, 'requests'),
    tokens === undefined ? undefined : counted(tokens, 'tokens'),
    searchUnits === undefined ? undefined : counted(searchUnits, 'search units'),
    costText(sums),
  ].filter((part) => part !== undefined);
  return withSandboxLabel(parts.map(visibleLine).join(' · '), isSandbox);
}

/** Returns what the requests used as data, with the API's own field names. */
export function requestSumsJson(sums: RequestSums): Record<string, unknown> {
  const { requests, tokens, searchUnits, cost, withoutCost, isComputed } = sums;
  return {
    requests,
    ...(tokens !== undefined && { prompt_tokens: tokens }),
    ...(searchUnits !== undefined && { search_units: searchUnits }),
    cost: cost ?? null,
    ...(isComputed && { cost_source: 'computed' }),
    ...(withoutCost > 0 && { requests_without_cost: withoutCost }),
  };
}

function costText({ cost, withoutCost, requests, isComputed }: RequestSums): string {
  if (cost === undefined) return requests === 0 ? moneyText('0') : 'cost not known';
  const source = isComputed ? ' (computed)' : '';
  const missing = withoutCost === 0 ? '' : `, not known for ${counted(withoutCost, 'requests')}`;
  return `${moneyText(cost)}${source}${missing}`;
}

/** `units`: in the plural, with an s at the end. */
function counted(count: number, units: string): string {
  return `${countText(count)} ${count === 1 ? units.slice(0, -1) : units}`;
}
