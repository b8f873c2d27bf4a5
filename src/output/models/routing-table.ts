import type { RoutedEndpoint } from '../../core/price/explain-routing.ts';
import type { WithoutEffect } from '../../core/price/without-effect.ts';
import type { Cell, Table } from '../table/table.ts';
import { perMillionText } from '../text/price.ts';
import { throughputText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the endpoints of a model with their place in the order of routing, or the filter that removes them. */
export function routingTable(rows: readonly RoutedEndpoint[]): Table {
  return {
    columns: [
      { heading: '#', align: 'right', dropOrder: 0 },
      { heading: 'pin', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'in $/M', align: 'right', dropOrder: 1 },
      { heading: 'out $/M', align: 'right', dropOrder: 1 },
      { heading: 'p50 s', align: 'right', dropOrder: 2 },
      { heading: 'speed', align: 'right', dropOrder: 2 },
      { heading: 'data', align: 'left', dropOrder: 3 },
      { heading: 'removed by', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: rows.map(({ endpoint, keepsNothing, removedBy, isSlow }, index): Cell[] => [
      { text: removedBy === undefined ? String(index + 1) : '–' },
      { text: visibleLine(endpoint.tag), tone: removedBy === undefined ? 'accent' : 'dim' },
      { text: perMillionText(endpoint.pricing.prompt) },
      { text: perMillionText(endpoint.pricing.completion) },
      { text: endpoint.latency?.p50 === undefined ? '–' : (endpoint.latency.p50 / 1000).toFixed(2) },
      { text: endpoint.throughput?.p50 === undefined ? '–' : throughputText(endpoint.throughput.p50) },
      { text: keepsNothing === undefined ? 'unknown' : keepsNothing ? 'zero retention' : 'may keep data' },
      {
        text: visibleLine(removedBy ?? (isSlow ? '(slower than preferred)' : '')),
        tone: removedBy === undefined ? 'dim' : 'warning',
      },
    ]),
  };
}

/** Returns the same for `--json`: prices per token as exact decimal text, null for unknown. */
export function routingJson(
  model: string,
  rows: readonly RoutedEndpoint[],
  idle: readonly WithoutEffect[],
): Record<string, unknown> {
  return {
    model,
    no_effect: idle.map(({ flag, because }) => ({ flag, because })),
    endpoints: rows.map(({ endpoint, keepsNothing, removedBy, isSlow }, index) => ({
      place: removedBy === undefined ? index + 1 : null,
      provider: endpoint.providerName,
      tag: endpoint.tag,
      prompt: priceJson(endpoint.pricing.prompt),
      completion: priceJson(endpoint.pricing.completion),
      latency_p50_ms: endpoint.latency?.p50 ?? null,
      throughput_p50: endpoint.throughput?.p50 ?? null,
      zdr: keepsNothing ?? null,
      slower_than_preferred: isSlow,
      removed_by: removedBy ?? null,
    })),
  };
}

function priceJson(price: RoutedEndpoint['endpoint']['pricing']['prompt']): string | null {
  return typeof price === 'object' ? price.toFixed() : null;
}
