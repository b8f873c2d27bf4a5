import type { Decimal } from '../../decimal.ts';
import { decimalText } from '../../decimal.ts';
import type { Advice, Spending } from '../../core/usage/advice.ts';
import type { UsagePeriod } from '../../core/usage/parse-period.ts';
import { cutText } from '../text/width.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import type { Cell, TableLine, Table } from '../table/table.ts';
import { periodJson } from './json.ts';
import { percentText, requestsText } from './text.ts';
import { included } from './upstream.ts';
import { visibleLine } from '../text/visible.ts';
import { wrapWords } from '../text/wrap-rows.ts';

const LIMITS_OF_VARIANTS: Readonly<Record<string, string>> = {
  free: 'few requests a day, often rate limited, and its providers may keep prompts',
  floor: 'always the cheapest provider, which may be a slow one',
  flex: 'answers wait for free capacity',
  batch: 'answers may take hours',
};

/** Returns the title: `last 30 days: $12.84; what would have saved most`. */
export function adviceTitle({ cost, upstreamCost }: Spending, { label }: UsagePeriod): string {
  return `${label}: ${moneyText(cost)}${included(upstreamCost)}; what would have saved most`;
}

/** Returns the suggested change as a sentence. */
export function adviceChangeText({ model, change }: Advice): string {
  const name = visibleLine(model);
  if (change.kind === 'caching') return `${name}: let it read the beginning of each conversation from its cache`;
  if (change.kind === 'provider') return `${name} at ${visibleLine(change.to)} alone: --only ${visibleLine(change.tag)}`;
  return `${name} → ${visibleLine(change.to)}`;
}

/** Returns the limits of a saving. */
export function limitText({ change }: Advice): string {
  if (change.kind === 'caching') {
    const where = `${change.conversations} ${change.conversations === 1 ? 'conversation' : 'conversations'}`;
    return `an upper bound: as if all ${countText(change.tokens)} tokens sent before, in ${where}, were still cached`;
  }
  if (change.kind === 'variant') return LIMITS_OF_VARIANTS[change.variant] ?? '';
  if (change.kind === 'provider') {
    const known = [
      change.quantization === undefined || change.quantization === 'unknown'
        ? 'quantization unknown'
        : visibleLine(change.quantization),
      change.uptime === undefined ? 'uptime unknown' : `up ${change.uptime.toFixed(1)}% of the last day`,
    ];
    return `${known.join(', ')}; no fallback if it fails; orx did not compare its speed`;
  }
  const { because } = change;
  return because.kind === 'used'
    ? `${requestsText(because.requests)} of yours to it, ${percentText(because.successRate)}% ok; orx did not compare the quality of its answers`
    : `${because.index} index ${because.to} (now ${because.from}); benchmarks say little about your own prompts`;
}

/** Returns each change with its saving on one line, and its limits below. */
export function adviceLines(advice: readonly Advice[], total: Decimal, columns: number): TableLine[] {
  const savings = advice.map(({ saving }) => moneyText(saving));
  const width = savings.reduce((most, text) => Math.max(most, text.length), 0);
  return advice.flatMap((one, index): TableLine[] => {
    const saving = `  ${savings[index]!.padStart(width)}  `;
    const indent = ' '.repeat(saving.length);
    const wrapped = (text: string): string[] => wrapWords(indent + text, columns).map((line) => cutText(line, columns - 1));
    const [first = '', ...rest] = wrapped(adviceChangeText(one));
    const limits = wrapped(`${shareText(one, total)}% of spending · ${limitText(one)}`);
    return [
      [{ text: saving, tone: 'accent' }, { text: first.slice(indent.length) }],
      ...rest.map((text): TableLine => [{ text }]),
      ...limits.map((text): TableLine => [{ text, tone: 'dim' }]),
    ];
  });
}

/** Returns the notes that apply to all advice, or state that there is none. */
export function adviceNotes(advice: readonly Advice[], unasked: readonly string[]): Cell[] {
  const missing = unasked.map(visibleLine).join(', ');
  return [
    ...(advice.length === 0 ? [{ text: 'found nothing cheaper' }] : []),
    ...(missing === ''
      ? []
      : [{ text: `the providers of ${missing} could not be loaded and are left out`, tone: 'warning' } as const]),
    {
      text: "the same tokens at today's prices, tokens and request fees only; savings on the same model do not add up",
      tone: 'dim',
    },
  ];
}

export function adviceTable(advice: readonly Advice[], total: Decimal): Table {
  return {
    columns: [
      { heading: 'change', align: 'left', dropOrder: 0 },
      { heading: 'saves', align: 'right', dropOrder: 0 },
      { heading: '% of spending', align: 'right', dropOrder: 0 },
      { heading: 'limits', align: 'left', dropOrder: 0 },
    ],
    rows: advice.map((one) => [
      { text: adviceChangeText(one) },
      { text: moneyText(one.saving) },
      { text: shareText(one, total) },
      { text: limitText(one) },
    ]),
  };
}

export function adviceJson(advice: readonly Advice[], spent: Spending, period: UsagePeriod, unasked: readonly string[]): unknown {
  return {
    period: periodJson(period),
    cost: decimalText(spent.cost),
    upstream_cost: decimalText(spent.upstreamCost),
    advice: adviceRecords(advice, spent.cost),
    providers_not_asked: unasked,
  };
}

export function adviceRecords(advice: readonly Advice[], total: Decimal): Record<string, unknown>[] {
  return advice.map((one) => ({
    model: one.model,
    kind: one.change.kind,
    to: 'to' in one.change ? one.change.to : null,
    only: one.change.kind === 'provider' ? one.change.tag : null,
    tokens: one.change.kind === 'caching' ? one.change.tokens : null,
    saving: decimalText(one.saving),
    spent_on_model: decimalText(one.spent),
    share_of_spend: total.eq(0) ? null : one.spent.div(total).toNumber(),
    change: adviceChangeText(one),
    limits: limitText(one),
  }));
}

function shareText({ spent }: Advice, total: Decimal): string {
  return total.eq(0) ? '0' : spent.div(total).times(100).toFixed(0);
}
