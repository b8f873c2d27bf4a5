import { uptimeOf } from '../../core/models/sort-endpoints.ts';
import type { Endpoint, Price } from '../../apis/catalogue.ts';
import type { MeasuredSpeed } from '../../storage/ledger/reports/report.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import { contextText } from './text.ts';
import { perMillionText } from '../text/price.ts';
import type { Cell, Column, Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** An endpoint with additional information. */
export interface EndpointRow {
  endpoint: Endpoint;
  /** Whether the API lists the endpoint as keeping no data of prompts; undefined if that list is unknown. */
  keepsNothing: boolean | undefined;
  /** The speed that this user measured there. */
  measured?: MeasuredSpeed | undefined;
}

/** In percent of answered requests. Endpoints with a lower uptime are highlighted. */
const LOW_UPTIME = 95;

/** Returns the endpoints as a table, in the given order. With `short`, long prices are rounded and marked with `~`. */
export function endpointsTable(rows: readonly EndpointRow[], options: { short?: boolean } = {}): Table {
  const prices = (priceOf: (endpoint: Endpoint) => Price | undefined): Cell[] =>
    alignNumbers(rows.map(({ endpoint }) => perMillionText(priceOf(endpoint), options))).map((text) => ({ text }));
  const texts = (textOf: (row: EndpointRow) => string): Cell[] => rows.map((row) => ({ text: textOf(row) }));
  const hasMeasured = rows.some(({ measured }) => measured !== undefined);
  const columns: (Column & { cells: Cell[] })[] = [
    // Dropped before the pin, which names the provider too.
    { heading: 'provider', align: 'left', dropOrder: 0.5, cells: texts(({ endpoint }) => visibleLine(endpoint.providerName)) },
    { heading: 'pin', align: 'left', dropOrder: 0, cut: 'name', cells: texts(({ endpoint }) => visibleLine(endpoint.tag)) },
    { heading: 'quant', align: 'left', dropOrder: 7, cells: texts(({ endpoint }) => quantizationText(endpoint)) },
    { heading: 'context', align: 'right', dropOrder: 4, cells: texts(({ endpoint }) => contextText(endpoint.contextLength)) },
    {
      heading: 'out max',
      align: 'right',
      dropOrder: 9,
      cells: texts(({ endpoint }) => contextText(endpoint.maxCompletionTokens)),
    },
    { heading: 'in $/M', align: 'right', dropOrder: 0, cells: prices(({ pricing }) => pricing.prompt) },
    { heading: 'out $/M', align: 'right', dropOrder: 0, cells: prices(({ pricing }) => pricing.completion) },
    { heading: 'cached', align: 'right', dropOrder: 6, cells: prices(({ pricing }) => pricing.cacheRead) },
    { heading: 'p50 s', align: 'right', dropOrder: 2, cells: texts(({ endpoint }) => seconds(endpoint.latency?.p50)) },
    { heading: 'p99 s', align: 'right', dropOrder: 8, cells: texts(({ endpoint }) => seconds(endpoint.latency?.p99)) },
    { heading: 'tok/s', align: 'right', dropOrder: 3, cells: texts(({ endpoint }) => speed(endpoint.throughput?.p50)) },
    { heading: 'uptime', align: 'right', dropOrder: 1, cells: rows.map(uptimeCell) },
    { heading: 'data', align: 'left', dropOrder: 5, cells: texts(dataText) },
  ];
  if (hasMeasured) {
    columns.push(
      {
        heading: 'my p50 s',
        align: 'right',
        dropOrder: 10,
        cells: texts((row) => seconds(row.measured?.timeToFirstTokenMs?.p50)),
      },
      { heading: 'my tok/s', align: 'right', dropOrder: 10, cells: texts((row) => speed(row.measured?.throughput?.p50)) },
      { heading: 'samples', align: 'right', dropOrder: 11, cells: texts((row) => String(row.measured?.samples ?? '–')) },
    );
  }
  return {
    columns: columns.map(({ heading, align, dropOrder, cut }) => ({ heading, align, dropOrder, cut })),
    rows: rows.map((_, index) => columns.map(({ cells }) => cells[index]!)),
  };
}

/**
 * Returns the data policy. `zdr`: keeps nothing, according to the API's list · `not zdr`: not in that list · `?`: the list is
 * unknown.
 */
function dataText({ keepsNothing }: EndpointRow): string {
  return keepsNothing === undefined ? '?' : keepsNothing ? 'zdr' : 'not zdr';
}

function quantizationText({ quantization }: Endpoint): string {
  return quantization === undefined || quantization === 'unknown' ? '?' : visibleLine(quantization);
}

function uptimeCell({ endpoint }: EndpointRow): Cell {
  const uptime = uptimeOf(endpoint);
  if (uptime === undefined) return { text: '–' };
  // Rounded up, it could claim that no request ever failed.
  const text = uptime === 100 ? '100' : (Math.floor(uptime * 10) / 10).toFixed(1);
  return { text, tone: uptime < LOW_UPTIME ? 'warning' : undefined };
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
}

function speed(tokensPerSecond: number | undefined): string {
  return tokensPerSecond === undefined ? '–' : tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0);
}
