import { priceKind, type PriceKind } from '../core/price-kind.ts';
import type { Model, Price } from '../providers/catalogue.ts';
import { alignNumbers } from './align-numbers.ts';
import { perMillionText } from './price-text.ts';
import type { Cell, Table } from './table.ts';
import { visibleLine } from './visible-text.ts';

const MODALITIES = ['text', 'image', 'audio', 'video', 'file'];

/** The catalogue as a table, in the order given. With `short` prices of many digits are rounded, marked with `~`. */
export function modelsTable(models: readonly Model[], options: { short?: boolean } = {}): Table {
  const kinds = models.map(priceKind);
  const input = priceCells(
    models.map(({ pricing }) => pricing.prompt),
    kinds,
    options,
  );
  const output = priceCells(
    models.map(({ pricing }) => pricing.completion),
    kinds,
    options,
  );
  return {
    columns: [
      { heading: 'model', align: 'left', dropOrder: 0 },
      { heading: 'in $/M', align: 'right', dropOrder: 0 },
      { heading: 'out $/M', align: 'right', dropOrder: 0 },
      { heading: 'context', align: 'right', dropOrder: 1 },
      { heading: 'created', align: 'left', dropOrder: 2 },
      { heading: 'modalities', align: 'left', dropOrder: 3 },
    ],
    rows: models.map((model, index) => [
      { text: visibleLine(model.id) },
      input[index]!,
      output[index]!,
      { text: contextText(model.contextLength) },
      { text: createdText(model.created), tone: 'dim' },
      { text: visibleLine(modalitiesText(model)), tone: 'dim' },
    ]),
  };
}

function priceCells(prices: readonly (Price | undefined)[], kinds: readonly PriceKind[], options: { short?: boolean }): Cell[] {
  const texts = prices.map((price, index) => {
    const kind = kinds[index];
    return kind === 'free' ? 'free' : perMillionText(kind === 'other' ? undefined : price, options);
  });
  return alignNumbers(texts).map((text, index) => ({ text, tone: toneOf(texts[index]!) }));
}

function toneOf(price: string): Cell['tone'] {
  return price === 'free' ? 'accent' : price === 'varies' || price === '–' ? 'dim' : undefined;
}

/** `164k`, `1M`, `1.3M`: tokens, in thousands and millions of them. */
export function contextText(tokens: number | undefined): string {
  if (tokens === undefined) return '–';
  if (tokens < 1000) return String(tokens);
  const thousands = Math.round(tokens / 1000);
  return thousands < 1000 ? `${thousands}k` : `${Number((tokens / 1_000_000).toFixed(1))}M`;
}

/** `2026-08-01`, from unix seconds. */
export function createdText(seconds: number | undefined): string {
  return seconds === undefined ? '–' : new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** `text image → text`, the common ones in the same order everywhere. */
export function modalitiesText({ inputModalities, outputModalities }: Model): string {
  if (inputModalities.length === 0 && outputModalities.length === 0) return '–';
  return `${inOrder(inputModalities)} → ${inOrder(outputModalities)}`;
}

function inOrder(names: readonly string[]): string {
  const rank = (name: string): number => (MODALITIES.includes(name) ? MODALITIES.indexOf(name) : MODALITIES.length);
  return [...names].sort((a, b) => rank(a) - rank(b)).join(' ') || '–';
}
