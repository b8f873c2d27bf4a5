import type { Model } from '../../apis/catalogue.ts';
import { slugOf } from '../text/near-names.ts';

export interface Successor {
  model: Model;
  /** Its predecessor names it. False: it is only the latest of the family. */
  isNamed: boolean;
}

/** Sentences that mention a replacement. */
const LEADS_ON = /\b(success\w*|replac\w*|migrat\w*|instead|superse\w*|deprecat\w*|retir\w*|sunset\w*)\b/i;

/**
 * Returns the model that replaces an expiring one, as far as the catalogue says: the one that its description names as such, or else the current
 * target of the alias for the latest of its family (`~author/family-latest`). Undefined if the catalogue does not say.
 */
export function findSuccessor(model: Model, models: readonly Model[]): Successor | undefined {
  const [byName, latest] = [named(model, models), latestOfFamily(model, models)];
  if (byName !== undefined) return { model: byName, isNamed: true };
  return latest === undefined ? undefined : { model: latest, isNamed: false };
}

function named(model: Model, models: readonly Model[]): Model | undefined {
  const sentences = (model.description ?? '').split(/(?<=[.!?])\s+/).filter((sentence) => LEADS_ON.test(sentence));
  const words = new Set(sentences.flatMap((sentence) => sentence.match(/[\w.:~-]+\/[\w.:-]*\w/g) ?? []));
  return models.find(({ id }) => id !== model.id && words.has(id));
}

function latestOfFamily(model: Model, models: readonly Model[]): Model | undefined {
  const author = model.id.slice(0, model.id.indexOf('/'));
  const parts = new Set(slugOf(model.id).split(/[-:]/));
  const families = models
    .filter(({ id, aliasTarget }) => aliasTarget !== undefined && id.startsWith(`~${author}/`) && id.endsWith('-latest'))
    .map((alias) => ({ alias, words: slugOf(alias.id).split('-').slice(0, -1) }))
    .filter(({ words }) => words.every((word) => parts.has(word)))
    .toSorted((a, b) => b.words.length - a.words.length);
  const target = models.find(({ id, canonicalSlug }) => [id, canonicalSlug].includes(families[0]?.alias.aliasTarget ?? ''));
  return target === undefined || target.id === model.id || (target.created ?? 0) < (model.created ?? 0) ? undefined : target;
}
