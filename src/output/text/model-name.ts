import { directId, parseDirectId } from '../../apis/direct-id.ts';

/**
 * Returns the slug without its author, as people call the model. A direct model keeps its vendor:
 * `together:meta-llama/Llama-3.3-70B` → `together:Llama-3.3-70B`.
 */
export function nameWithoutAuthor(model: string): string {
  const direct = parseDirectId(model);
  if (direct !== undefined) return directId({ ...direct, model: direct.model.slice(direct.model.lastIndexOf('/') + 1) });
  return model.slice(model.indexOf('/') + 1);
}
