import { decimalText } from '../../decimal.ts';
import { costSeries } from '../../core/usage/cost-series.ts';
import { isTimeGrouping, type UsageRow } from '../../core/usage/usage-report.ts';
import type { UsageView } from '../../core/usage/usage-view.ts';
import { csvText } from '../text/csv.ts';

const YEAR_OF_DAYS = 366;

/**
 * Returns a report for programs. `cost` is everything that was paid, `upstream_cost` the part of it that went to providers
 * through the user's keys. Amounts are exact decimal text, times are in milliseconds, shares are from 0 to 1, unknown values are
 * null.
 */
export function usageJson(view: UsageView, limit?: number): unknown {
  const { isSandbox, period, report, days, budgets, fallbacks, now } = view;
  const isFixed = isTimeGrouping(report.by) && report.by !== 'day';
  const series = costSeries(days, period, now, isFixed && isTimeGrouping(report.by) ? report.by : { most: YEAR_OF_DAYS });
  return {
    ...(isSandbox && { sandbox: true }),
    period: periodJson(period),
    by: report.by,
    total: rowJson(report.total),
    rows: report.rows.slice(0, limit).map((row) => ({ group: row.group, ...rowJson(row) })),
    series: {
      unit: series.unit,
      points: series.points.map(({ time, cost, requests }) => ({ time, cost: decimalText(cost), requests })),
    },
    budgets: budgets.map(({ budget, spent, upstreamSpent }) => ({
      id: budget.id,
      period: budget.period,
      limit: budget.limit,
      spent: spent ?? null,
      upstream_spent: upstreamSpent ?? null,
      project: budget.project ?? null,
      profile: budget.profile ?? null,
      model: budget.model ?? null,
      vendor: budget.vendor ?? null,
      key: budget.clientKey ?? null,
      tag: budget.tag ?? null,
    })),
    times_error: report.timesError,
    fallbacks: fallbacks.slice(0, limit).map((one) => ({
      requested_model: one.requestedModel,
      model: one.servedModel,
      reason: one.fallbackReason ?? null,
      requests: one.requests,
      cost: one.cost,
    })),
  };
}

export function periodJson({ since, until, label }: UsageView['period']): unknown {
  const iso = (moment: number | undefined): string | null => (moment === undefined ? null : new Date(moment).toISOString());
  return { label, since: iso(since), until: iso(until) };
}

function rowJson(row: UsageRow): Record<string, unknown> {
  return {
    requests: row.requests,
    complete: row.complete,
    stopped: row.stopped,
    failed: row.failed,
    success_rate: row.successRate ?? null,
    prompt_tokens: row.promptTokens,
    cached_tokens: row.cachedTokens,
    cache_write_tokens: row.cacheWriteTokens,
    cached_share: row.cachedShare ?? null,
    completion_tokens: row.completionTokens,
    reasoning_tokens: row.reasoningTokens,
    cost: decimalText(row.cost),
    cost_estimated: row.estimated,
    cost_unknown: row.unknown,
    duration_ms: row.durationMs ?? null,
    time_to_first_token_ms: row.timeToFirstTokenMs ?? null,
    tokens_per_second: row.throughput ?? null,
    // Added last, so that no existing column of a spreadsheet moves.
    upstream_cost: decimalText(row.upstreamCost),
    cost_computed: row.computed,
  };
}

/** Returns the rows of a report for a spreadsheet, with the values of usageJson. */
export function usageCsv({ report }: UsageView, limit?: number): Promise<string> {
  const rows = report.rows.slice(0, limit).map((row) => ({ [report.by]: row.group, ...flat(rowJson(row)) }));
  const headings = [report.by, ...Object.keys(flat(rowJson(report.total)))];
  return csvText(
    headings,
    rows.map((row) => headings.map((heading) => row[heading] ?? null)),
  );
}

/** Returns the row with objects such as `duration_ms: {p50, p95}` as two columns. */
function flat(row: Record<string, unknown>): Record<string, string | number | null> {
  const cells: Record<string, string | number | null> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name === 'duration_ms' || name === 'time_to_first_token_ms') {
      const spread = value as { p50: number; p95: number } | null;
      cells[`${name}_p50`] = spread?.p50 ?? null;
      cells[`${name}_p95`] = spread?.p95 ?? null;
    } else cells[name] = value as string | number | null;
  }
  return cells;
}
