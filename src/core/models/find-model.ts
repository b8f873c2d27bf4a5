import { OrxError } from '../../errors.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import type { Model } from '../../apis/catalogue.ts';
import { directId, isDirect, parseDirectId } from '../../apis/direct-id.ts';
import { findListed } from './find-listed.ts';
import { findVendorName } from '../../apis/vendors.ts';
import { latestName, parseModelName, variantText } from '../model-id/name.ts';
import { nearNames, slugOf } from '../text/near-names.ts';

/** Short names and what they stand for, a model as it could be typed. */
export type Aliases = Readonly<Record<string, string>>;

/** A model as it was named. */
export interface NamedModel {
  /** What the API is asked for: with the variants and the preset that were named. */
  id: string;
  /** Its entry in the catalogue, without variants that have no entry of their own; undefined for a preset alone. */
  model: Model | undefined;
}

/**
 * The models that the texts name, as findModel does; a model that is named twice comes once. Throws kind `no-endpoint` that
 * lists every text that names none or several, with the nearest ids.
 */
export function findModels(texts: readonly string[], models: readonly Model[], aliases: Aliases = {}): Model[] {
  const hits = texts.map((text) => ({ text, model: findModel(text, models, aliases) }));
  const missed = hits.filter(({ model }) => model === undefined).map(({ text }) => text);
  if (missed.length > 0) throw unknownModels([...new Set(missed)], models);
  return [...new Set(hits.map(({ model }) => model).filter((model) => model !== undefined))];
}

/** The catalogue's entry of the model that the text names, as resolveModel does. */
export function findModel(text: string, models: readonly Model[], aliases: Aliases = {}): Model | undefined {
  return resolveModel(text, models, aliases)?.model;
}

/**
 * The model that the text names: an alias, an id, a permanent slug, the part of the id behind the slash, or a piece of that part which no
 * other model has (variants such as `:free` count as other models only when they are named); the newest of a family as
 * `~author/x-latest`, `author/x-latest` or `x@latest`; all of that with variants and a preset behind. Capitals make no difference.
 * undefined when the text names no model, or several.
 */
export function resolveModel(text: string, models: readonly Model[], aliases: Aliases = {}): NamedModel | undefined {
  const typed = withoutAlias(text, aliases);
  const direct = parseDirectId(typed);
  if (direct !== undefined) {
    const id = directId(direct);
    const model = models.find((one) => one.id.toLowerCase() === id.toLowerCase()) ?? findListed(id, models);
    if (model !== undefined) return { id: model.id, model };
    if (findVendorName(direct.vendor) !== undefined) return undefined;
  }
  const name = parseModelName(typed);
  if (name.base === '') return name.preset === '' ? undefined : { id: name.preset, model: undefined };
  const variants = [...name.ownVariants, ...name.anyVariants];
  // What any model takes is an entry of its own in some catalogues: the entry with the most of the variants is meant.
  for (let count = variants.length; count >= name.ownVariants.length; count -= 1) {
    const inEntry = variantText(variants.slice(0, count));
    const model = findBase(name.base, inEntry, models) ?? findBase(latestName(name) ?? '', inEntry, models);
    if (model !== undefined) return { id: model.id + variantText(variants.slice(count)) + name.preset, model };
  }
  return undefined;
}

/** An alias with what it stands for in its place; variants and a preset stay behind it. */
export function withoutAlias(text: string, aliases: Aliases): string {
  const { base } = parseModelName(text);
  const alias = base.toLowerCase();
  return Object.hasOwn(aliases, alias) ? aliases[alias]! + text.trim().slice(base.length) : text;
}

/** Of the models with exactly these variants. A model that is asked at its vendor is meant only where nothing else is listed. */
function findBase(base: string, variants: string, listed: readonly Model[]): Model | undefined {
  const wanted = base.toLowerCase();
  if (wanted === '') return undefined;
  const routed = listed.filter(({ id }) => !isDirect(id));
  if (routed.length === 0) return findDirect(wanted + variants, listed);
  const all = routed.length === listed.length ? listed : routed;
  const models = variants === '' ? all : all.filter(({ id }) => id.toLowerCase().endsWith(variants));
  const idOf = ({ id }: Model): string => id.toLowerCase().slice(0, id.length - variants.length);
  const sameSlug = models.filter(({ canonicalSlug }) => canonicalSlug?.toLowerCase() === wanted);
  const pieces = models.filter((model) => slugOf(idOf(model)).includes(wanted));
  return (
    models.find((model) => idOf(model) === wanted) ??
    models.find((model) => idOf(model) === `~${wanted}`) ??
    only(sameSlug) ??
    only(sameSlug.filter(isPlain)) ??
    only(models.filter((model) => slugOf(idOf(model)) === wanted)) ??
    only(pieces) ??
    only(pieces.filter(isPlain))
  );
}

/** By the vendor's name for it, or a piece of that which no other model has. */
function findDirect(wanted: string, models: readonly Model[]): Model | undefined {
  const nameOf = ({ id }: Model): string => parseDirectId(id)!.model.toLowerCase();
  return (
    only(models.filter((model) => nameOf(model) === wanted)) ?? only(models.filter((model) => nameOf(model).includes(wanted)))
  );
}

function only(matches: readonly Model[]): Model | undefined {
  return matches.length === 1 ? matches[0] : undefined;
}

/** A variant (`:free`) and an alias (`~`) carry the permanent slug of the model that they stand for. */
function isPlain({ id }: Model): boolean {
  return !id.includes(':') && !id.startsWith('~');
}

/** The failure to name a model, with the nearest ids. */
export function unknownModels(texts: readonly string[], models: readonly Model[]): OrxError {
  const names = texts.map((text) => `"${text}"`).join(', ');
  const near = texts
    .map((text) => ({ text, ids: nearNames(text, models, texts.length === 1 ? 3 : 1) }))
    .filter(({ ids }) => ids.length > 0);
  const nearest =
    texts.length === 1 ? near.map(({ ids }) => ids.join(', ')) : [near.map(({ text, ids }) => `${text} → ${ids[0]}`).join(' · ')];
  return new OrxError(`unknown or ambiguous model: ${names}`, {
    kind: 'no-endpoint',
    code: 'model-not-found',
    hints: [...nearest.filter((line) => line !== '').map((line) => `did you mean ${line}?`), SEARCH_MODELS],
  });
}
