import type { Model } from '../providers/catalogue.ts';
import { isFree } from './price-kind.ts';

export interface ModelFilter {
  /** Words that must all occur in id or name; capitals make no difference. */
  search?: string | undefined;
  /** Only models that cost nothing. */
  free?: boolean | undefined;
}

/** The models that pass all that is given, in the order they came. */
export function filterModels(models: readonly Model[], { search = '', free = false }: ModelFilter): Model[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return models.filter((model) => {
    const text = `${model.id} ${model.name}`.toLowerCase();
    return words.every((word) => text.includes(word)) && (!free || isFree(model));
  });
}
