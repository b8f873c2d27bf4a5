import type { Container } from '../../markdown/containers.ts';
import type { MarkdownTheme } from './theme.ts';

const QUOTE_BAR = '│ ';
const DIM = ['dim'] as const;
const ACCENT = ['accent'] as const;

/** A quote or a list item that is open, and what stands to the left of its rows. */
export interface OpenContainer {
  /** Shown to the left of the first row; for a quote, of every row. */
  marker: string;
  width: number;
  isQuote: boolean;
  /** The marker has been shown. */
  isShown: boolean;
}

/** Copies one by one, because lists that `map` makes have a hidden class of their own. */
export function copyContainers(containers: readonly OpenContainer[]): OpenContainer[] {
  const copies: OpenContainer[] = [];
  for (const { marker, width, isQuote, isShown } of containers) copies.push({ marker, width, isQuote, isShown });
  return copies;
}

/** Returns a container that has just begun: its marker has not been shown. */
export function newContainer(container: Container): OpenContainer {
  if (container.kind === 'quote') return { marker: QUOTE_BAR, width: QUOTE_BAR.length, isQuote: true, isShown: false };
  const marker = /\d/.test(container.marker) ? container.marker : '•';
  return { marker, width: marker.length + 1, isQuote: false, isShown: false };
}

/** Returns what is left of a row. A marker is shown once. */
export function prefix(containers: readonly OpenContainer[], theme: MarkdownTheme): string {
  let painted = '';
  for (const container of containers) painted += mark(container, markText(container), theme);
  for (const container of containers) container.isShown = true;
  return painted;
}

/** Returns a row that has nothing else: without spaces at its end. */
export function prefixRow(containers: readonly OpenContainer[], theme: MarkdownTheme): string {
  const texts = containers.map(markText);
  const last = texts.findLastIndex((text) => text.trim() !== '');
  let painted = '';
  for (let index = 0; index <= last; index += 1) {
    painted += mark(containers[index]!, index === last ? texts[index]!.trimEnd() : texts[index]!, theme);
  }
  for (const container of containers) container.isShown = true;
  return painted;
}

/** Returns an empty row in these containers: only the bars of quotes. */
export function blankRow(containers: readonly OpenContainer[], theme: MarkdownTheme): string {
  return prefixRow(
    containers.map((container) => ({ ...container, isShown: true })),
    theme,
  );
}

function mark({ isQuote, isShown }: OpenContainer, text: string, theme: MarkdownTheme): string {
  return isQuote || !isShown ? theme.style(isQuote ? DIM : ACCENT, text) : text;
}

function markText({ marker, width, isQuote, isShown }: OpenContainer): string {
  return isQuote ? QUOTE_BAR : isShown ? ' '.repeat(width) : marker.padEnd(width);
}
