import { isDirect } from '../../apis/direct-id.ts';
import { PRICE_NAMES, PRICES, conditionText } from '../../core/price/names.ts';
import { daysUntil } from '../../core/models/diff-catalogues.ts';
import type { Successor } from '../../core/models/find-successor.ts';
import { priceKind } from '../../core/price/kind.ts';
import type { Model, PriceSource, UnitPrices } from '../../apis/catalogue.ts';
import { createdText, modalitiesText } from './text.ts';
import { countText } from '../text/number.ts';
import { exactMoneyText, perMillionText } from '../text/price.ts';
import { visibleLine } from '../text/visible.ts';

/** A line of the card: its label and its values. Visible text. */
export interface ModelFact {
  label: string;
  parts: readonly string[];
}

/** Returns the facts of a model's card, without its name, description and warnings. */
export function modelFacts(model: Model, site: string | undefined): ModelFact[] {
  const facts: ModelFact[] = [
    {
      label: 'makes',
      parts: [modalitiesText(model), ...(model.created === undefined ? [] : [`since ${createdText(model.created)}`])],
    },
    ...priceFacts(model),
    { label: 'prices from', parts: priceSourceParts(model) },
    { label: 'limits', parts: limitParts(model) },
    { label: 'can', parts: abilities(model, true) },
    { label: 'cannot', parts: abilities(model, false) },
    { label: 'parameters', parts: model.supportedParameters.toSorted() },
    { label: 'reasoning', parts: reasoningParts(model) },
    { label: 'benchmarks', parts: benchmarkParts(model) },
    { label: 'knowledge cutoff', parts: model.knowledgeCutoff === undefined ? [] : [model.knowledgeCutoff] },
    { label: 'tokenizer', parts: model.tokenizer === undefined ? [] : [model.tokenizer] },
    { label: 'stands for', parts: model.aliasTarget === undefined ? [] : [model.aliasTarget] },
    { label: 'moderated', parts: model.isModerated === true ? ['prompts are checked before they are answered'] : [] },
    { label: 'links', parts: linkParts(model, site) },
  ];
  return facts.map(({ label, parts }) => ({ label, parts: parts.map(visibleLine) })).filter(({ parts }) => parts.length > 0);
}

/** Returns the warnings of a model: that it expires, and its successor. */
export function modelWarnings(model: Model, { successor, now }: { successor: Successor | undefined; now: number }): string[] {
  const date = model.expirationDate;
  if (date === undefined) return [];
  const days = daysUntil(date, now);
  const when =
    days > 1
      ? `will be removed on ${date}, in ${countText(days)} days`
      : days >= 0
        ? `will be removed on ${date}`
        : `was due to be removed on ${date}`;
  if (successor === undefined) return [`warning: ${when}`];
  return [
    visibleLine(`warning: ${when}; ${successor.isNamed ? 'successor' : 'the latest of its family'}: ${successor.model.id}`),
  ];
}

function priceFacts(model: Model): ModelFact[] {
  const { overrides, ...listed } = model.pricing;
  const kind = priceKind(model);
  const label = '$ per million';
  if (kind === 'varies') return [{ label, parts: ['varies with the model that answers'] }];
  if (kind === 'unknown') return [{ label, parts: ['unknown'] }];
  const tokens = kind === 'free' ? [model.priceSource === 'local' ? 'local: costs nothing' : 'free'] : tokenParts(listed);
  const isUnpriced = kind === 'other' && tokens.length === 0;
  return [
    { label, parts: isUnpriced ? ['not priced per token; the catalog has no price in its unit'] : tokens },
    { label: '$ for other', parts: otherParts(listed) },
    ...overrides.map((override) => ({
      label: `$ ${conditionText(override)}`,
      parts: [...tokenParts(override.prices), ...otherParts(override.prices)],
    })),
  ];
}

const SOURCES: Readonly<Record<PriceSource, string | undefined>> = {
  file: 'your price file',
  vendor: "the vendor's list",
  catalogue: "OpenRouter's catalog",
  bundled: "orx's built-in table",
  local: undefined,
  unknown: undefined,
};

/**
 * Returns the source of the prices, such as `OpenRouter's catalogue, 2026-11-30`. Only for a direct model whose vendor does not
 * state costs.
 */
function priceSourceParts({ priceSource, priceDate }: Model): string[] {
  const source = priceSource === undefined ? undefined : SOURCES[priceSource];
  return source === undefined ? [] : [priceDate === undefined ? source : `${source}, ${priceDate}`];
}

/**
 * Returns token prices in USD per million, such as `in 0.27`. If other prices are not 0, a price of 0 means that there is no separate price.
 */
function tokenParts(prices: UnitPrices): string[] {
  const named = PRICE_NAMES.filter((name) => PRICES[name].unit === 'token');
  const isPriced = named.some((name) => isAboveZero(prices, name));
  return named
    .filter((name) => isAboveZero(prices, name) || (isPriced && name !== 'internalReasoning' && prices[name] !== undefined))
    .map((name) => `${PRICES[name].label} ${perMillionText(prices[name])}`);
}

/** Returns other prices in USD each, such as `$0.005 per search`. */
function otherParts(prices: UnitPrices): string[] {
  return PRICE_NAMES.filter((name) => PRICES[name].unit !== 'token' && isAboveZero(prices, name)).map((name) => {
    const price = prices[name];
    return typeof price === 'object' ? `${exactMoneyText(price)} per ${PRICES[name].unit}` : `varies per ${PRICES[name].unit}`;
  });
}

function isAboveZero(prices: UnitPrices, name: keyof UnitPrices): boolean {
  const price = prices[name];
  return price === 'varies' || (price !== undefined && price.gt(0));
}

function limitParts({ contextLength, maxCompletionTokens }: Model): string[] {
  return [
    ...(contextLength === undefined ? [] : [`${countText(contextLength)} tokens of context`]),
    ...(maxCompletionTokens === undefined ? [] : [`${countText(maxCompletionTokens)} output tokens at most`]),
  ];
}

function abilities({ supportedParameters, inputModalities, pricing, reasoning }: Model, wanted: boolean): string[] {
  const has = (...names: string[]): boolean => names.some((name) => supportedParameters.includes(name));
  const all: readonly (readonly [ability: string, can: boolean])[] = [
    ['tools', has('tools')],
    ['structured output', has('structured_outputs')],
    ['reasoning', has('reasoning', 'include_reasoning') || reasoning !== undefined],
    ['vision', inputModalities.includes('image')],
    ['files', inputModalities.includes('file')],
    ['audio', inputModalities.includes('audio')],
    ['caching', pricing.cacheRead !== undefined],
  ];
  return all.filter(([, can]) => can === wanted).map(([ability]) => ability);
}

function reasoningParts({ reasoning }: Model): string[] {
  if (reasoning === undefined) return [];
  const { isMandatory, isDefault, efforts, defaultEffort } = reasoning;
  const when = isMandatory ? 'always' : isDefault === true ? 'by default' : 'on request';
  const effort = defaultEffort === undefined ? '' : ` (default ${defaultEffort})`;
  return [when, efforts === undefined ? `any effort${effort}` : `efforts ${efforts.join(', ')}${effort}`];
}

function benchmarkParts({ benchmarks }: Model): string[] {
  const indices = Object.entries(benchmarks ?? {}).filter(([, value]) => value !== undefined);
  return indices.length === 0 ? [] : [...indices.map(([name, value]) => `${name} ${String(value)}`), '(Artificial Analysis)'];
}

function linkParts({ id, huggingFaceId }: Model, site: string | undefined): string[] {
  return [
    ...(site === undefined || isDirect(id) ? [] : [`${site}/${encodePath(id)}`]),
    ...(huggingFaceId === undefined ? [] : [`https://huggingface.co/${encodePath(huggingFaceId)}`]),
  ];
}

function encodePath(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replaceAll('%3A', ':');
}
