import { limitWords } from '../../core/budget/budget-words.ts';
import { decimal } from '../../decimal.ts';
import type { CostSeries } from '../../core/usage/cost-series.ts';
import type { UsageGrouping, UsageRow } from '../../core/usage/usage-report.ts';
import type { BudgetUse, UsageView } from '../../core/usage/usage-view.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import type { FallbackUse } from '../../storage/ledger/reports/report.ts';
import type { Cell } from '../table/table.ts';
import { fallbackText } from '../text/fallback.ts';
import { upstreamText } from './upstream.ts';
import { visibleLine } from '../text/visible.ts';

const MOST_FALLBACKS = 5;

/** Returns the value of a group as visible text, or `(none)` if it is empty. */
export function groupText(group: string): string {
  return group === '' ? '(none)' : visibleLine(group);
}

/** Returns the value of a group, for a long project path only its end, which says more than its start. */
export function shortGroupText(group: string, by: UsageGrouping): string {
  const text = groupText(group);
  const parts = text.split(/[/\\]/);
  return by === 'project' && parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : text;
}

/** Returns a share in percent, such as `99.1`. Returns `100.0` only for a complete share. */
export function percentText(share: number | undefined): string {
  if (share === undefined) return '–';
  const text = (share * 100).toFixed(1);
  return text === '100.0' && share < 1 ? '99.9' : text;
}

/** Returns seconds without the unit: `0.41`, `12.3`. */
export function secondsNumber(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 9995 ? (ms / 1000).toFixed(2) : (ms / 1000).toFixed(1);
}

/** Returns a short count: `812`, `3.1k`, `41.2M`, `7.0G`. */
export function compactCount(count: number): string {
  const [unit, size] = count < 1000 ? ['', 1] : count < 999_950 ? ['k', 1e3] : count < 999_950_000 ? ['M', 1e6] : ['G', 1e9];
  return unit === '' ? String(count) : `${(count / Number(size)).toFixed(1)}${unit}`;
}

/** Returns the sums of a report: `$12.84 · 2,311 requests · 98.7% ok`. */
export function totalText(total: UsageRow): string {
  const ok = total.successRate === undefined ? [] : [`${percentText(total.successRate)}% ok`];
  const stopped = total.stopped === 0 ? [] : [`${countText(total.stopped)} stopped`];
  const open = total.requests - total.complete - total.stopped - total.failed;
  const underWay = open === 0 ? [] : [`${countText(open)} in progress`];
  return [moneyText(total.cost), requestsText(total.requests), ...ok, ...stopped, ...underWay].join(' · ');
}

export function requestsText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'request' : 'requests'}`;
}

/** Returns the highest cost of a series, such as `highest $1.92 on 11-03`, or undefined if nothing was spent. */
export function highestText({ points }: CostSeries): string | undefined {
  const highest = points.reduce((most, point) => (point.cost.gt(most.cost) ? point : most), points[0]!);
  return highest.cost.eq(0) ? undefined : `highest ${moneyText(highest.cost)} ${timeText(highest.time)}`;
}

/** Returns the time of a chart point: `on 11-03`, `in 2026-11`. */
function timeText(time: string): string {
  return time.length === 7 ? `in ${time}` : `on ${time.slice(5)}`;
}

/** Returns the notes below a report: the sources of costs that are not billed, how exact times are, fallbacks, the state of budgets. */
export function usageNotes({ report, budgets, fallbacks }: UsageView): Cell[] {
  const { total, timesError } = report;
  const upstream = upstreamText(total.upstreamCost);
  const ownKeys: Cell[] = upstream === undefined ? [] : [{ text: `the cost includes ${upstream}`, tone: 'dim' }];
  return [
    ...ownKeys,
    ...costSourceNotes(total),
    ...errorNotes(timesError),
    ...fallbackNotes(fallbacks),
    ...budgets.map(budgetCell),
  ];
}

function costSourceNotes({ complete, stopped, failed, computed, estimated, unknown }: UsageRow): Cell[] {
  if (computed + estimated + unknown === 0) return [];
  const known = complete + stopped + failed - computed - estimated - unknown;
  const parts = [
    `billed or looked up for ${countText(known)}`,
    ...(computed === 0 ? [] : [`computed for ${countText(computed)}`]),
    ...(estimated === 0 ? [] : [`estimated for ${countText(estimated)}`]),
    ...(unknown === 0 ? [] : [`unknown for ${countText(unknown)} (counted as $0)`]),
  ];
  return [{ text: `cost comes from: ${parts.join(' · ')}`, tone: estimated + unknown === 0 ? 'dim' : 'warning' }];
}

function fallbackNotes(fallbacks: readonly FallbackUse[]): Cell[] {
  if (fallbacks.length === 0) return [];
  const requests = fallbacks.reduce((sum, one) => sum + one.requests, 0);
  const left = fallbacks.slice(MOST_FALLBACKS).reduce((sum, one) => sum + one.requests, 0);
  const reasons = fallbacks.slice(0, MOST_FALLBACKS).map((one): Cell => {
    const why = fallbackText({ ...one, fallbackFrom: one.requestedModel });
    const text = [countText(one.requests), '×', one.servedModel, ...(why === undefined ? [] : [why])].join(' ');
    return { text: `  ${visibleLine(text)}`, tone: 'dim' };
  });
  return [
    { text: `another model or provider answered ${requestsText(requests)}:`, tone: 'dim' },
    ...reasons,
    ...(left === 0 ? [] : [{ text: `  ${countText(left)} for other reasons`, tone: 'dim' } as const]),
  ];
}

function errorNotes(timesError: number): Cell[] {
  return timesError > 0 ? [{ text: `times are within ${timesError * 100}% of the measured ones`, tone: 'dim' }] : [];
}

/** Returns the state of a budget and its scope: `budget $20 a month: 64% used`. */
export function budgetCell({ budget, spent, upstreamSpent }: BudgetUse): Cell {
  const scope = [budget.project, budget.profile, budget.model, budget.vendor, budget.clientKey, budget.tag]
    .filter((part) => part !== undefined)
    .map(visibleLine);
  const name = [`budget ${limitWords(wholeMoneyText(budget.limit), budget.period)}`, ...scope].join(', ');
  if (spent === undefined || decimal(budget.limit).eq(0)) return { text: name, tone: 'dim' };
  const share = decimal(spent).div(budget.limit).toNumber();
  const upstream = upstreamText(upstreamSpent);
  const used = `${name}: ${Math.floor(share * 100)}% used${upstream === undefined ? '' : `, ${upstream}`}`;
  return { text: used, tone: share >= budget.warnAt ? 'warning' : 'dim' };
}

/** Returns a limit, which is usually a round amount: `$20`, `$0.5`. */
function wholeMoneyText(amount: string): string {
  return `$${decimal(amount).toFixed()}`;
}
