import type { RankedQuote } from '../../core/price/rank-quotes.ts';
import type { PromptCount } from '../../core/price/prompt-count.ts';
import { catalogueAge } from '../models/catalogue-note.ts';
import { countText } from '../text/number.ts';
import type { Cell } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** Information about a workload besides its figures. */
export interface PriceNoteFacts {
  /** The prompt's size is an assumption that `--in` would replace. */
  isPromptAssumed: boolean;
  ageMs: number;
  requests?: number | undefined;
}

const REASONS_SHOWN = 3;

/**
 * Returns what was quoted, over all models, and how the figures are known: `3,214 tokens in (counted with o200k) · 800 out ·
 * prices 38 s old`. An assumed figure names the flag that sets it.
 */
export function priceNote(quotes: readonly RankedQuote[], { isPromptAssumed, ageMs, requests }: PriceNoteFacts): string {
  const workloads = quotes.map(({ workload }) => workload);
  const spanOf = (of: (workload: RankedQuote['workload']) => number | undefined): string =>
    spanText(workloads.map((one) => of(one) ?? 0));
  const parts = [
    `${spanOf((one) => one.promptTokens)} tokens in${isPromptAssumed ? ' (--in)' : countedText(workloads.map((one) => one.counted))}`,
  ];
  const add = (span: string, text: (span: string) => string): void => void (span !== '0' && parts.push(text(span)));
  add(
    spanOf((one) => one.cachedTokens),
    (span) => `${span} of them from a cache`,
  );
  add(
    spanOf((one) => one.cacheWriteTokens),
    (span) => `${span} of them to a cache`,
  );
  const tokens = spanOf((one) => one.imageTokens);
  add(
    spanOf((one) => one.images),
    (span) => `${span} ${span === '1' ? 'image' : 'images'} (some ${tokens} tokens)`,
  );
  parts.push(`${spanOf((one) => one.completionTokens)} out${outputText(quotes)}`);
  add(
    spanOf((one) => one.reasoningTokens),
    (span) => `${span} of them reasoning`,
  );
  add(
    spanOf((one) => one.searches),
    (span) => `${span} web ${span === '1' ? 'search' : 'searches'}`,
  );
  if (requests !== undefined) parts.push(`${countText(requests)} requests a month`);
  return [...parts, `prices ${catalogueAge(ageMs)}`].join(' · ');
}

/**
 * Returns a line for each model with its excluded endpoints and the reasons. If other endpoints were quoted, a service tier is
 * not a reason to mention.
 */
export function exclusionNotes(quotes: readonly RankedQuote[]): Cell[] {
  return quotes.flatMap(({ model, quote }): Cell[] => {
    if (quote.kind !== 'amount' && quote.kind !== 'none') return [];
    const counts = new Map<string, number>();
    for (const { because } of quote.excluded) counts.set(because, (counts.get(because) ?? 0) + 1);
    if (quote.kind === 'amount') for (const reason of counts.keys()) if (reason.startsWith('service tier')) counts.delete(reason);
    const reasons = [...counts].sort(([, one], [, other]) => other - one);
    if (reasons.length === 0)
      return quote.kind === 'none' ? [{ text: `warning: ${visibleLine(model.id)}: no endpoint matches`, tone: 'warning' }] : [];
    const total = quote.excluded.length + (quote.kind === 'amount' ? quote.all.length : 0);
    const left = reasons.reduce((sum, [, count]) => sum + count, 0);
    const told = reasons.slice(0, REASONS_SHOWN).map(([reason, count]) => `${reason} (${count})`);
    const more = reasons.length > REASONS_SHOWN ? [`${reasons.length - REASONS_SHOWN} more reasons`] : [];
    const text = `${visibleLine(model.id)}: ${left} of ${total} endpoints left out: ${visibleLine([...told, ...more].join(', '))}`;
    return [quote.kind === 'none' ? { text: `warning: ${text}`, tone: 'warning' } : { text, tone: 'dim' }];
  });
}

/** Returns how tokens were counted: ` (counted with o200k; an estimate for other families, -10 to +21%)`. */
function countedText(counts: readonly (PromptCount | undefined)[]): string {
  const known = counts.filter((count) => count !== undefined);
  if (known.length === 0) return '';
  const tokenizers = [...new Set(known.map(({ countedWith }) => countedWith))].filter(
    (name) => name === 'o200k' || name === 'cl100k',
  );
  const texts = tokenizers.length > 0 ? [`counted with ${tokenizers.join(' and ')}`] : [];
  if (known.some(({ countedWith }) => countedWith === 'characters')) texts.push('too long to count: estimated by its characters');
  const samples = known.map((count) => count.samples).filter((count) => count !== undefined);
  if (samples.length > 0) texts.push(`corrected by ${spanText(samples)} earlier prompts`);
  const guessed = known.filter(({ isExact }) => !isExact);
  const margins = guessed.map(({ margin }) => margin).filter((margin) => margin !== undefined);
  if (margins.length > 0) {
    const low = Math.round((Math.min(...margins.map((margin) => margin.low)) - 1) * 100);
    const high = Math.round((Math.max(...margins.map((margin) => margin.high)) - 1) * 100);
    texts.push(
      `an estimate${guessed.length < known.length ? " for other families than OpenAI's" : ''}, ${signed(low)} to ${signed(high)}%`,
    );
  }
  return ` (${texts.join('; ')})`;
}

function outputText(quotes: readonly RankedQuote[]): string {
  const sources = new Set(quotes.map(({ workload }) => workload.outputFrom));
  const samples = quotes.map(({ workload }) => workload.outputSamples).filter((count) => count !== undefined);
  const texts = samples.length > 0 ? [`usual for ${spanText(samples)} earlier answers`] : [];
  if (sources.has('default')) texts.push(quotes.length > 1 && sources.size === 1 ? 'the same for all models: --out' : '--out');
  return texts.length === 0 ? '' : ` (${texts.join('; else ')})`;
}

/** Returns a range of counts: `1,200`, or `1,200–1,420` if models differ. */
function spanText(values: readonly number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high || values.length === 0 ? countText(values.length === 0 ? 0 : low) : `${countText(low)}–${countText(high)}`;
}

function signed(percent: number): string {
  return percent > 0 ? `+${percent}` : String(percent);
}
