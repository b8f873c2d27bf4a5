import { relative } from 'node:path';
import type { EvaluationSource } from '../../src/core/evaluation/dataset/source.ts';
import { usageError } from '../../src/errors.ts';

/** Files by path; everything else does not exist. */
export function memorySource(files: Readonly<Record<string, string>>): EvaluationSource {
  const text = (path: string): string => {
    const found = files[path];
    if (found === undefined) throw usageError(`${path} does not exist`);
    return found;
  };
  return {
    kindOf: async (path) => {
      if (files[path] !== undefined) return 'file';
      return Object.keys(files).some((name) => name.startsWith(`${path}/`)) ? 'folder' : undefined;
    },
    readText: async (path) => text(path),
    readPieces: async function* pieces(path) {
      const whole = text(path);
      for (let at = 0; at < whole.length; at += 7) yield whole.slice(at, at + 7);
    },
    glob: async (folder, pattern) => {
      const form = new RegExp(
        `^${pattern
          .replaceAll(/[.]/g, String.raw`\.`)
          .replaceAll('**/*', '.+')
          .replaceAll(/(?<!\.)\*/g, '[^/]*')}$`,
      );
      return Object.keys(files)
        .filter((path) => form.test(relative(folder, path)) && !relative(folder, path).startsWith('..'))
        .toSorted();
    },
  };
}
