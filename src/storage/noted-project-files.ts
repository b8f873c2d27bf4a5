import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readPrivateJson, updatePrivateJson } from './files/private-json.ts';

/** Returns whether the user has not been told about a project file with this text, and remembers it in a folder. */
export async function isNewProjectFile(folder: string, { path, text }: { path: string; text: string }): Promise<boolean> {
  const noted = join(folder, 'project-files.json');
  const hash = createHash('sha256').update(text).digest('hex');
  const known = readPrivateJson(noted);
  if (Object.hasOwn(known, path) && known[path] === hash) return false;
  await updatePrivateJson(noted, (stored) => ({ ...stored, [path]: hash }));
  return true;
}
