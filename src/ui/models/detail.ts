import { priceKind } from '../../core/price/kind.ts';
import { contextText, createdText, modalitiesText } from '../../output/models/text.ts';
import { cutText } from '../../output/text/width.ts';
import { perMillionText } from '../../output/text/price.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Model } from '../../apis/catalogue.ts';
import { type Line, span } from '../screen/line.ts';
import { createRowWrapper } from '../../output/text/wrap-rows.ts';

const INDENT = '  ';
/** No screen shows more of a description, in UTF-16 units. */
const LONGEST_DESCRIPTION = 2000;

/** Returns at most `rows` lines about a model, for below the table. */
export function detailLines(model: Model | undefined, width: number, rows: number): Line[] {
  if (model === undefined) return [];
  const facts = [
    ['', `${model.name} · ${modalitiesText(model)} · listed ${createdText(model.created)}`],
    ['prices', pricesText(model)],
    ['limits', limitsText(model)],
    ['leaves', model.expirationDate === undefined ? '' : `after ${model.expirationDate}`],
    ['scores', scoresText(model)],
    ['supports', model.supportedParameters.join(' ')],
  ].filter((fact): fact is [string, string] => fact[1] !== '');
  const lines: Line[] = [
    [],
    [span(cutText(INDENT + visibleLine(model.id), width), 'bold')],
    ...facts.map(([name, text]): Line => {
      const tone = name === 'leaves' ? 'warning' : 'plain';
      const label = name === '' ? INDENT : `${INDENT}${name.padEnd(10)}`;
      return [span(label, 'dim'), span(cutText(visibleLine(text), Math.max(1, width - label.length)), tone)];
    }),
    ...descriptionLines(model, width),
  ];
  return lines.slice(0, rows);
}

/** Returns the prices per token. Other prices are per image, search or request. */
function pricesText(model: Model): string {
  const { pricing } = model;
  const kind = priceKind(model);
  if (kind === 'free') return model.priceSource === 'local' ? 'local: costs nothing' : 'free';
  if (kind === 'varies') return 'varies with the model that is chosen';
  if (kind === 'unknown') return 'unknown';
  const tokens = [
    ['in', pricing.prompt],
    ['cached', pricing.cacheRead],
    ['cache write', pricing.cacheWrite],
    ['reasoning', pricing.internalReasoning],
    ['out', pricing.completion],
  ] as const;
  const shown = tokens.filter(([, price]) => price !== undefined).map(([name, price]) => `${name} ${perMillionText(price)}`);
  if (kind === 'other' || shown.length === 0) return 'not per token';
  return `${shown.join(' · ')} USD per million${pricing.overrides.length === 0 ? '' : ', others for some prompts or hours'}`;
}

function limitsText({ contextLength, maxCompletionTokens, knowledgeCutoff }: Model): string {
  return [
    `context ${contextText(contextLength)}`,
    ...(maxCompletionTokens === undefined ? [] : [`output ${contextText(maxCompletionTokens)}`]),
    ...(knowledgeCutoff === undefined ? [] : [`cutoff ${knowledgeCutoff}`]),
  ].join(' · ');
}

function scoresText({ benchmarks = {} }: Model): string {
  return Object.entries(benchmarks)
    .filter(([, score]) => score !== undefined)
    .map(([name, score]) => `${name} ${score}`)
    .join(' · ');
}

function descriptionLines({ description = '' }: Model, width: number): Line[] {
  const text = visibleLine(description.slice(0, LONGEST_DESCRIPTION)).trim();
  if (text === '') return [];
  const wrapper = createRowWrapper(Math.max(2, width - INDENT.length));
  return [...wrapper.push(text), ...wrapper.end()].map((row) => [span(INDENT + row.text, 'dim')]);
}
