import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OrxError } from '../../errors.ts';
import { placeFile } from '../../place-file.ts';
import { writeFailure } from '../../text/file-failure.ts';

const MOST_NAMES = 10_000;

/**
 * See PromptServices.saveNew. Writes a temporary file and then moves it to a free name, so that no incomplete file appears and
 * none is overwritten.
 */
export async function saveNew(folder: string, stem: string, extension: string, bytes: Uint8Array): Promise<string> {
  const draft = join(folder, `.orx-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, bytes, { flag: 'wx', mode: 0o600 });
    for (let number = 1; number <= MOST_NAMES; number += 1) {
      const path = join(folder, `${stem}${number === 1 ? '' : `-${number}`}.${extension}`);
      if (await takeName(draft, path)) return path;
    }
    throw new Error('no free file name');
  } catch (error) {
    throw new OrxError(`cannot write to the folder ${folder} (${writeFailure(error)})`, {
      kind: 'unexpected',
      hints: ['choose another folder: --out-dir FOLDER'],
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

async function takeName(draft: string, path: string): Promise<boolean> {
  try {
    await placeFile(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
