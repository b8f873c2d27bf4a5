import { shortText } from '../../text/short-text.ts';
import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';
import { errorJson } from '../chat/answer-json.ts';
import { withoutKeys } from '../text/error.ts';
import { countText, secondsText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';
import type { Table } from '../table/table.ts';

/** The result of listing a vendor's models. */
export interface TestedVendor {
  vendor: ConfiguredVendor;
  models?: number;
  error?: unknown;
  durationMs: number;
}

export function testedTable(tested: readonly TestedVendor[]): Table {
  return {
    columns: [
      { heading: 'vendor', align: 'left', dropOrder: 0 },
      { heading: 'result', align: 'left', dropOrder: 0, cut: 'end' },
      { heading: 'models', align: 'right', dropOrder: 0 },
      { heading: 'time', align: 'right', dropOrder: 1 },
    ],
    rows: tested.map(({ vendor, models, error, durationMs }) => [
      { text: visibleLine(vendor.name), tone: 'accent' },
      error === undefined ? { text: 'ok' } : { text: reasonOf(error), tone: 'warning' },
      { text: models === undefined ? '–' : countText(models) },
      { text: secondsText(durationMs), tone: 'dim' },
    ]),
  };
}

export function testedJson(tested: readonly TestedVendor[]): readonly Record<string, unknown>[] {
  return tested.map(({ vendor, models, error, durationMs }) => ({
    name: vendor.name,
    ok: error === undefined,
    models: models ?? null,
    milliseconds: Math.round(durationMs),
    ...(error !== undefined && { error: errorJson(error) }),
  }));
}

function reasonOf(error: unknown): string {
  return shortText(withoutKeys(visibleLine(error instanceof Error ? error.message : String(error))));
}
