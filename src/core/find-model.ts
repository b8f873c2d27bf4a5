import { OrxError } from '../errors.ts';
import type { Model } from '../providers/catalogue.ts';
import { nearNames, slugOf } from './near-names.ts';

/**
 * The models that the texts name, as findModel does; a model that is named twice comes once. Throws kind `no-endpoint` that
 * lists every text that names none or several, with the nearest ids.
 */
export function findModels(texts: readonly string[], models: readonly Model[]): Model[] {
  const found = texts.map((text) => ({ text, model: findModel(text, models) }));
  const missed = found.filter(({ model }) => model === undefined).map(({ text }) => text);
  if (missed.length > 0) throw notFound([...new Set(missed)], models);
  return [...new Set(found.map(({ model }) => model).filter((model) => model !== undefined))];
}

/**
 * The model that the text names: its id, its permanent slug, the part of the id behind the slash, or a piece of that part
 * which no other model has. Capitals make no difference. undefined when the text names no model, or several.
 */
export function findModel(text: string, models: readonly Model[]): Model | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  const sameSlug = models.filter(({ canonicalSlug }) => canonicalSlug?.toLowerCase() === wanted);
  return (
    models.find(({ id }) => id.toLowerCase() === wanted) ??
    only(sameSlug) ??
    only(sameSlug.filter(isPlain)) ??
    only(models.filter(({ id }) => slugOf(id).toLowerCase() === wanted)) ??
    only(models.filter(({ id }) => slugOf(id).toLowerCase().includes(wanted)))
  );
}

function only(matches: readonly Model[]): Model | undefined {
  return matches.length === 1 ? matches[0] : undefined;
}

/** A variant (`:free`) and an alias (`~`) carry the permanent slug of the model that they stand for. */
function isPlain({ id }: Model): boolean {
  return !id.includes(':') && !id.startsWith('~');
}

function notFound(texts: readonly string[], models: readonly Model[]): OrxError {
  const names = texts.map((text) => `"${text}"`).join(', ');
  const near = texts
    .map((text) => ({ text, ids: nearNames(text, models, texts.length === 1 ? 3 : 1) }))
    .filter(({ ids }) => ids.length > 0);
  const nearest =
    texts.length === 1 ? near.map(({ ids }) => ids.join(', ')) : [near.map(({ text, ids }) => `${text} → ${ids[0]}`).join(' · ')];
  return new OrxError(`no single model is meant by ${names}`, {
    kind: 'no-endpoint',
    code: 'model-not-found',
    hints: [...nearest.filter((line) => line !== '').map((line) => `nearest: ${line}`), 'find one with: orx models <words>'],
  });
}
