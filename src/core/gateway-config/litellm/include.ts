import { OrxError } from '../../../errors.ts';
import { asFields, asNonEmptyText, type LiteLlmFields } from './notes.ts';

/** Returns the paths in `include` of a LiteLLM file. Throws kind `usage` if it is neither a path nor a list of paths. */
export function includedPaths(name: string, { include }: LiteLlmFields): readonly string[] {
  if (include === undefined || include === null) return [];
  const paths = (Array.isArray(include) ? (include as unknown[]) : [include]).map(asNonEmptyText);
  if (paths.every((path) => path !== undefined)) return paths;
  throw new OrxError(`${name}: include must be a path or a list of paths`, { kind: 'usage', code: 'bad-config' });
}

/**
 * Returns one LiteLLM file with what all of them contain. Lists are joined, in the order of the files. In other sections, the settings of a later
 * file win.
 */
export function mergeFiles(files: readonly unknown[]): LiteLlmFields {
  const merged: Record<string, unknown> = {};
  for (const file of files)
    for (const [key, value] of Object.entries(asFields(file) ?? {})) merged[key] = mergeValues(merged[key], value);
  delete merged['include'];
  return merged;
}

function mergeValues(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return [...(before as unknown[]), ...(after as unknown[])];
  const [one, other] = [asFields(before), asFields(after)];
  return one !== undefined && other !== undefined ? { ...one, ...other } : (after ?? before);
}
