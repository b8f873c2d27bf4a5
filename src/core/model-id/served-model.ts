import type { Model } from '../../apis/catalogue.ts';
import { isSameDirect } from './direct-name.ts';

/**
 * Returns whether the model that answered is the requested one. A reply names the permanent, dated slug, which may order its words differently
 * from the id (`claude-haiku-4.5` is served as `claude-4.5-haiku-20251001`). With the catalogue the function looks the name up; without it, it
 * compares the words and ignores dates and variants. Routers, presets and the API's latest-aliases accept any model.
 */
export function isSameModel(asked: string, served: string, models: readonly Model[] = []): boolean {
  if (served === '') return true;
  const direct = isSameDirect(asked, served, isSameSlug);
  if (direct !== undefined) return direct;
  if (isRouter(asked) || isSameName(asked, served)) return true;
  const plainAsked = withoutVariant(asked);
  const plainServed = withoutVariant(served);
  const known = models.filter((model) => withoutVariant(model.id) === plainAsked || model.canonicalSlug === plainAsked);
  const names = known.flatMap((model) => [model.id, model.canonicalSlug, model.aliasTarget]).filter((name) => name !== undefined);
  if (names.some((name) => withoutVariant(name) === plainServed)) return true;
  // An alias resolves to a model whose reply names that model's own dated slug.
  const targets = models.filter(
    (model) => names.includes(model.id) || (model.canonicalSlug !== undefined && names.includes(model.canonicalSlug)),
  );
  return targets.some((model) => model.canonicalSlug !== undefined && withoutVariant(model.canonicalSlug) === plainServed);
}

/** Returns whether two names are the same model, as far as names tell: ignores variants, dates and the order of the words. */
export function isSameName(one: string, other: string): boolean {
  const direct = isSameDirect(one, other, isSameSlug);
  if (direct !== undefined) return direct;
  const [a, b] = [withoutVariant(one), withoutVariant(other)];
  if (a === b) return true;
  // A server other than the API may omit the author.
  const isBare = a.includes('/') !== b.includes('/');
  return wordsOf(isBare ? slugOf(a) : a) === wordsOf(isBare ? slugOf(b) : b);
}

/** Compares names that have no author and no variant. */
function isSameSlug(one: string, other: string): boolean {
  return wordsOf(one) === wordsOf(other);
}

/** Returns whether the name lets the API choose the model. */
export function isRouter(asked: string): boolean {
  return asked.startsWith('openrouter/') || asked.startsWith('~') || asked.includes('@preset/') || asked.startsWith('@');
}

function withoutVariant(id: string): string {
  return id.replace(/(:[\w-]+)+$/, '').toLowerCase();
}

function slugOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

function wordsOf(id: string): string {
  const slug = slugOf(id);
  const author = id.slice(0, -slug.length);
  const words = slug
    .replace(/-\d{4}-\d{2}-\d{2}(?=-|$)/, '')
    .split(/[-_]/)
    .filter((word) => !/^(\d{4}|\d{2}|\d{6}|\d{8})$/.test(word) || /^\d{1,2}$/.test(word));
  return author + words.sort().join('-');
}
