import { join } from 'node:path';
import { readPrivateJson, updatePrivateJson } from './private-json.ts';

/** Contents of files that the user let orx act on, known by their hash: a changed file is another one. */
export interface TrustedFiles {
  isTrusted: (hash: string) => boolean;
  /** `path` is stored for people who read the file; it decides nothing. */
  trust: (hash: string, path: string) => Promise<void>;
}

export function openTrustedFiles(folder: string): TrustedFiles {
  const path = join(folder, 'trusted-files.json');
  return {
    isTrusted: (hash) => Object.hasOwn(readPrivateJson(path), hash),
    trust: (hash, file) => updatePrivateJson(path, (stored) => ({ ...stored, [hash]: file })),
  };
}
