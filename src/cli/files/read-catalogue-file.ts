import { readFile, stat } from 'node:fs/promises';
import { OrxError, usageError } from '../../errors.ts';
import { utf8Text } from '../../text/utf8.ts';
import type { Model } from '../../apis/catalogue.ts';
import { decodeCatalogue } from '../../apis/openrouter/decode-catalogue.ts';

const LARGEST_FILE = 64 * 1024 * 1024;

/**
 * Returns the models of a saved catalogue, or undefined when the file does not exist. Throws kind `usage` when it cannot be read
 * or is not a catalogue.
 */
export async function readCatalogueFile(path: string): Promise<readonly Model[] | undefined> {
  const match = await stat(path).catch(() => undefined);
  if (match === undefined) return undefined;
  if (!match.isFile() || match.size > LARGEST_FILE) throw notACatalogue(path, 'it is too large, or not a file');
  try {
    return decodeCatalogue(utf8Text({ name: path, path }, await readFile(path))).models;
  } catch (error) {
    throw notACatalogue(path, error instanceof OrxError ? error.message : (error as NodeJS.ErrnoException).code);
  }
}

function notACatalogue(path: string, reason = 'cannot be read'): OrxError {
  return usageError(
    `${path} is not a saved model catalog: ${reason}`,
    'save a catalog: curl https://openrouter.ai/api/v1/models > models.json',
  );
}
