import { join } from 'node:path';
import { readPrivateJson, updatePrivateJson } from './private-json.ts';

/** Files that the user trusts, identified by the hash of their content: a changed file is no longer trusted. */
export interface TrustedFiles {
  isTrusted: (hash: string) => boolean;
  /** `path` is only stored for people who read the file. */
  trust: (hash: string, path: string) => Promise<void>;
}

/** Opens the list in this folder. Nothing is read before it is needed. */
export function openTrustedFiles(folder: string): TrustedFiles {
  const path = join(folder, 'trusted-files.json');
  return {
    isTrusted: (hash) => Object.hasOwn(readPrivateJson(path), hash),
    trust: (hash, file) => updatePrivateJson(path, (stored) => ({ ...stored, [hash]: file })),
  };
}
