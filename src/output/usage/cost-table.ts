import { decimal } from '../../decimal.ts';
import { paidCost } from '../../paid-cost.ts';
import type { CostSource, LedgerEntry } from '../../storage/ledger/entry.ts';
import type { Sums } from '../../storage/ledger/reports/report.ts';
import { fallbackText } from '../text/fallback.ts';
import { countText, secondsText, throughputText } from '../text/number.ts';
import { exactMoneyText } from '../text/price.ts';
import type { Cell, Table } from '../table/table.ts';
import { upstreamText } from './upstream.ts';
import { localTimeText } from '../text/local-time.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the sums, `3 requests · 4,100 in → 1,020 out · $0.00632`, and which part is not billed. */
export function costNote(total: Sums, shown: number): string {
  const requests = `${countText(total.requests)} ${total.requests === 1 ? 'request' : 'requests'}`;
  const rest = shown < total.requests ? ` (the last ${countText(shown)} below)` : '';
  const tokens = `${countText(total.promptTokens)} in → ${countText(total.completionTokens)} out`;
  const doubts = [
    upstreamText(total.upstreamCost),
    total.computed === 0 ? undefined : `${countText(total.computed)} computed`,
    total.estimated === 0 ? undefined : `${countText(total.estimated)} estimated`,
    total.unknown === 0 ? undefined : `${countText(total.unknown)} of unknown cost`,
  ].filter((part) => part !== undefined);
  return `${requests}${rest} · ${tokens} · $${total.cost}${doubts.length === 0 ? '' : ` (${doubts.join(', ')})`}`;
}

/** Returns ledger entries as receipts, in the given order, with exact amounts. */
export function costTable(entries: readonly LedgerEntry[]): Table {
  const now = entries.at(-1)?.openedAt ?? 0;
  return {
    columns: [
      { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
      { heading: 'at', align: 'left', dropOrder: 3 },
      { heading: 'provider', align: 'left', dropOrder: 2 },
      { heading: 'first', align: 'right', dropOrder: 4 },
      { heading: 'speed', align: 'right', dropOrder: 5 },
      { heading: 'in', align: 'right', dropOrder: 1 },
      { heading: 'out', align: 'right', dropOrder: 1 },
      { heading: 'cost', align: 'right', dropOrder: 0 },
      { heading: '', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: entries.map((entry) => row(entry, now)),
  };
}

/** Returns the total of `orx cost --json`. */
export function costTotalJson(total: Sums): Record<string, unknown> {
  return {
    requests: total.requests,
    complete: total.complete,
    stopped: total.stopped,
    failed: total.failed,
    prompt_tokens: total.promptTokens,
    cached_tokens: total.cachedTokens,
    cache_write_tokens: total.cacheWriteTokens,
    completion_tokens: total.completionTokens,
    reasoning_tokens: total.reasoningTokens,
    cost: total.cost,
    upstream_cost: total.upstreamCost,
    computed: total.computed,
    estimated: total.estimated,
    unknown: total.unknown,
  };
}

function row(entry: LedgerEntry, now: number): Cell[] {
  const dim = (text: string | undefined): Cell => ({ text: text ?? '–', tone: 'dim' });
  return [
    { text: visibleLine(entry.servedModel ?? entry.requestedModel) },
    dim(localTimeText(entry.openedAt, now)),
    dim(entry.provider === undefined ? undefined : visibleLine(entry.provider)),
    dim(entry.timeToFirstTokenMs === undefined ? undefined : secondsText(entry.timeToFirstTokenMs)),
    dim(entry.throughput === undefined ? undefined : throughputText(entry.throughput)),
    { text: entry.promptTokens === undefined ? '–' : countText(entry.promptTokens) },
    { text: entry.completionTokens === undefined ? '–' : countText(entry.completionTokens) },
    { text: paidText(entry) },
    noteOf(entry),
  ];
}

function paidText(entry: LedgerEntry): string {
  const paid = paidCost(entry);
  return paid === undefined ? '?' : exactMoneyText(decimal(paid));
}

const SOURCE_NOTES: Readonly<Record<CostSource, string | undefined>> = {
  billed: undefined,
  'looked-up': 'looked up',
  computed: 'computed',
  estimated: 'about',
  unknown: 'cost not known yet',
};

function noteOf(entry: LedgerEntry): Cell {
  const { state, outcome, errorKind, costSource, isByok, upstreamCost } = entry;
  if (state === 'open') return { text: 'in progress', tone: 'accent' };
  const ending = outcome === 'failed' ? `failed (${errorKind ?? 'unexpected'})` : outcome === 'complete' ? undefined : outcome;
  const paid = upstreamCost === undefined ? 'an unknown amount' : exactMoneyText(decimal(upstreamCost));
  const ownKey = isByok === true ? `${paid} of it charged by the provider to your own key` : undefined;
  const fallback = fallbackText(entry);
  const text = [ending, fallback && visibleLine(fallback), SOURCE_NOTES[costSource], ownKey]
    .filter((part) => part !== undefined)
    .join(', ');
  return { text, tone: 'warning' };
}
