import type { Successor } from '../../core/models/find-successor.ts';
import type { Model } from '../../apis/catalogue.ts';
import { markdownCell } from '../table/markdown.ts';
import { modelFacts, modelWarnings } from './facts.ts';
import type { TableLine } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';
import { wrapWords } from '../text/wrap-rows.ts';
import { textWidth } from '../text/width.ts';

const GAP = '   ';
const LONGEST_LABEL = 26;

export interface ModelCard {
  model: Model;
  successor: Successor | undefined;
  /** Milliseconds since 1970. */
  now: number;
  /** URL of the site with a page for every model, without a trailing slash. */
  site: string | undefined;
}

/** Returns the card for a terminal of this width or, with Infinity, one line for each fact. Ends with an empty line. */
export function cardLines(card: ModelCard, columns: number): TableLine[] {
  const { model } = card;
  const indent = Number.isFinite(columns) ? '  ' : '';
  const name = visibleLine(model.name);
  const facts = modelFacts(model, card.site);
  const labelWidth = facts.reduce((widest, { label }) => Math.max(widest, Math.min(LONGEST_LABEL, textWidth(label))), 0);
  const room = columns - indent.length - labelWidth - GAP.length;
  const describe = visibleLine(model.description?.trim() ?? '');
  return [
    [{ text: `${indent}${visibleLine(model.id)}`, tone: 'accent' }, ...(name === model.id ? [] : [{ text: `${GAP}${name}` }])],
    ...modelWarnings(model, card).map((text): TableLine => [{ text: indent + text, tone: 'warning' }]),
    ...(describe === '' ? [] : wrapWords(indent + describe, columns).map((text): TableLine => [{ text, tone: 'dim' }])),
    [],
    ...facts.flatMap(({ label, parts }) =>
      wrapParts(parts, room).map((text, index): TableLine => [
        { text: indent + (index === 0 ? padded(label, labelWidth) : ' '.repeat(labelWidth)) + GAP, tone: 'dim' },
        { text },
      ]),
    ),
    [],
  ];
}

/** Returns the card as Markdown: a heading, the description, a list. */
export function cardMarkdown(card: ModelCard): string {
  const { model } = card;
  const list = modelFacts(model, card.site).map(
    ({ label, parts }) => `- **${markdownCell(label)}**: ${parts.map(markdownCell).join(' · ')}`,
  );
  return [
    `# ${markdownCell(visibleLine(model.id))}`,
    markdownCell(visibleLine(model.name)),
    ...modelWarnings(model, card).map((text) => `**${markdownCell(text)}**`),
    ...(model.description === undefined ? [] : [markdownCell(visibleLine(model.description))]),
    list.join('\n'),
  ]
    .map((block) => `${block}\n\n`)
    .join('');
}

/** Returns the parts side by side, on as many lines as they need. */
function wrapParts(parts: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)}${GAP}${part}`;
    if (lines.length > 0 && textWidth(longer) < room) lines[lines.length - 1] = longer;
    else lines.push(...wrapWords(part, Math.max(20, room)));
  }
  return lines;
}

function padded(label: string, width: number): string {
  return label + ' '.repeat(Math.max(0, width - textWidth(label)));
}
