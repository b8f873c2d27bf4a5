import { OrxError } from '../../errors.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import type { Model } from '../../apis/catalogue.ts';
import { directId, isDirect, parseDirectId } from '../../apis/direct-id.ts';
import { findListed } from './find-listed.ts';
import { findVendorName } from '../../apis/vendors.ts';
import { latestName, parseModelName, variantText } from '../model-id/name.ts';
import { nearNames, slugOf } from '../text/near-names.ts';

/** Short names and the model names that they stand for. */
export type Aliases = Readonly<Record<string, string>>;

/** The result of resolving a model name. */
export interface NamedModel {
  /** The id to send to the API, with the given variants and preset. */
  id: string;
  /** Its entry in the catalogue, without variants that have no entry of their own; undefined for a preset alone. */
  model: Model | undefined;
}

/**
 * Returns the models for these texts as findModel does; a model that is named twice appears once. Throws kind `no-endpoint` that lists every
 * text that matches no model or several, with the nearest ids.
 */
export function findModels(texts: readonly string[], models: readonly Model[], aliases: Aliases = {}): Model[] {
  const hits = texts.map((text) => ({ text, model: findModel(text, models, aliases) }));
  const missed = hits.filter(({ model }) => model === undefined).map(({ text }) => text);
  if (missed.length > 0) throw unknownModels([...new Set(missed)], models);
  return [...new Set(hits.map(({ model }) => model).filter((model) => model !== undefined))];
}

/** Returns the catalogue's entry of the model that the text names, as resolveModel does. */
export function findModel(text: string, models: readonly Model[], aliases: Aliases = {}): Model | undefined {
  return resolveModel(text, models, aliases)?.model;
}

/**
 * Returns the model that the text names: an alias, an id, a permanent slug, the part of the id after the slash, or a part of that which no other
 * model contains (variants such as `:free` count as other models only if they are named); the newest of a family as `~author/x-latest`,
 * `author/x-latest` or `x@latest`; all of these may be followed by variants and a preset. Case-insensitive. Undefined if the text names no
 * model, or several.
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
  // Some catalogues list general variants as separate entries: the entry that contains the most of the variants wins.
  for (let count = variants.length; count >= name.ownVariants.length; count -= 1) {
    const inEntry = variantText(variants.slice(0, count));
    const model = findBase(name.base, inEntry, models) ?? findBase(latestName(name) ?? '', inEntry, models);
    if (model !== undefined) return { id: model.id + variantText(variants.slice(count)) + name.preset, model };
  }
  return undefined;
}

/** Replaces an alias with its target; variants and a preset after it stay. */
export function withoutAlias(text: string, aliases: Aliases): string {
  const { base } = parseModelName(text);
  const alias = base.toLowerCase();
  return Object.hasOwn(aliases, alias) ? aliases[alias]! + text.trim().slice(base.length) : text;
}

/** Searches the models that have exactly these variants. A direct model matches only if the list contains nothing else. */
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

/** Searches by the vendor's name for the model, or a part of it that no other model contains. */
function findDirect(wanted: string, models: readonly Model[]): Model | undefined {
  const nameOf = ({ id }: Model): string => parseDirectId(id)!.model.toLowerCase();
  return (
    only(models.filter((model) => nameOf(model) === wanted)) ?? only(models.filter((model) => nameOf(model).includes(wanted)))
  );
}

function only(matches: readonly Model[]): Model | undefined {
  return matches.length === 1 ? matches[0] : undefined;
}

/** A variant (`:free`) and an alias (`~`) have the permanent slug of their base model. */
function isPlain({ id }: Model): boolean {
  return !id.includes(':') && !id.startsWith('~');
}

/** Returns the error for texts that name no single model, with the nearest ids. */
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
