import type { Model } from '../catalogue.ts';
import { comparableName, sortedWords, undated } from './model-names.ts';

/** Finds the entry of a vendor's model in OpenRouter's catalogue. */
export interface CatalogueMatcher {
  /** Takes the vendor's name of the model. Returns undefined unless an entry is certainly the same model. */
  find: (model: string) => Model | undefined;
}

/**
 * Returns a matcher for the models of one author, or of all authors for a vendor that hosts models (then only by the whole id).
 * Variants such as `:free` are OpenRouter's own and never match.
 */
export function matchModels(models: readonly Model[], author: string | undefined): CatalogueMatcher {
  const own = models.filter(({ id }) => !id.includes(':') && (author === undefined || authorOf(id) === author));
  const name = ({ id }: Model): string => (author === undefined ? id : slugOf(id));
  const byName = new Map(own.map((model) => [comparableName(name(model)), model]));
  if (author === undefined) return { find: (model) => byName.get(comparableName(model)) };
  const byDatedSlug = new Map(
    own.flatMap((model) =>
      model.canonicalSlug === undefined ? [] : [[sortedWords(slugOf(model.canonicalSlug)), model] as const],
    ),
  );
  return {
    find: (model) =>
      byName.get(comparableName(model)) ??
      byDatedSlug.get(sortedWords(model)) ??
      newest(model, own, models) ??
      byName.get(comparableName(undated(model))),
  };
}

/**
 * Returns the model that `x-latest` stands for: the target of OpenRouter's alias of that name, else the newest model whose name
 * is `x` and a version. Returns undefined for a name that already has a version (`x-4-latest`), because only the vendor knows
 * which successor it means.
 */
function newest(asked: string, own: readonly Model[], models: readonly Model[]): Model | undefined {
  const [, family] = /^(.+)-latest$/.exec(comparableName(asked)) ?? [];
  if (family === undefined) return undefined;
  const alias = own.length === 0 ? undefined : `~${authorOf(own[0]!.id)}/${family}-latest`;
  const target = models.find(({ id }) => id === alias)?.aliasTarget;
  const named = target === undefined ? undefined : own.find(({ id }) => id === target);
  if (named !== undefined || /-\d+$/.test(family)) return named;
  return own
    .filter(({ id }) => isVersionOf(comparableName(slugOf(id)), family))
    .reduce<Model | undefined>((last, model) => ((model.created ?? 0) > (last?.created ?? -1) ? model : last), undefined);
}

function isVersionOf(name: string, family: string): boolean {
  return name === family || (name.startsWith(`${family}-`) && /^\d+(-\d+)*$/.test(name.slice(family.length + 1)));
}

function authorOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function slugOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
