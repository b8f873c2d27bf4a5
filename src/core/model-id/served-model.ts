import type { Model } from '../../apis/catalogue.ts';
import { isSameDirect } from './direct-name.ts';

/**
 * Whether the model that answered is the one that was asked for. A reply names the permanent, dated slug, which may order its words
 * in another way than the id (`claude-haiku-4.5` is served as `claude-4.5-haiku-20251001`); with the catalogue this is looked up,
 * without it compared word by word, dates and variants aside. Routers, presets and the API's latest-aliases accept any model.
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
  // An alias leads to a model whose reply names that model's own dated slug.
  const targets = models.filter(
    (model) => names.includes(model.id) || (model.canonicalSlug !== undefined && names.includes(model.canonicalSlug)),
  );
  return targets.some((model) => model.canonicalSlug !== undefined && withoutVariant(model.canonicalSlug) === plainServed);
}

/** Whether two names are of one model as far as names can tell: variants, dates and the order of the words aside. */
export function isSameName(one: string, other: string): boolean {
  const direct = isSameDirect(one, other, isSameSlug);
  if (direct !== undefined) return direct;
  const [a, b] = [withoutVariant(one), withoutVariant(other)];
  if (a === b) return true;
  // A server other than the API may answer without the author.
  const isBare = a.includes('/') !== b.includes('/');
  return wordsOf(isBare ? slugOf(a) : a) === wordsOf(isBare ? slugOf(b) : b);
}

/** The same of names without author and variant. */
function isSameSlug(one: string, other: string): boolean {
  return wordsOf(one) === wordsOf(other);
}

/** Names that stand for whatever model the API picks. */
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
