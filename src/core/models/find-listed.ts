import type { Model } from '../../apis/catalogue.ts';

/** The model that a request names: its own entry, else, for a variant that only routes (`:nitro`), that of the model itself; or its permanent slug. */
export function findListed(name: string, models: readonly Model[]): Model | undefined {
  const plain = name.replace(/(:[\w-]+)+$/, '');
  return (
    models.find(({ id }) => id === name) ??
    models.find(({ id }) => id === plain) ??
    models.find(({ canonicalSlug }) => canonicalSlug === plain)
  );
}
