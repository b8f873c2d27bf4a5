import { OrxError } from '../../errors.ts';
import { readFileBytes } from './read-attachment.ts';
import { readStdinBytes, type StdinOptions } from './read-stdin.ts';

/** The largest file that the API takes has 100 MB. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Returns a file's bytes, or those of standard input for `-`. Throws kind `usage`, with the reason, if it cannot be read. */
export async function readInputBytes(
  path: string,
  input: Pick<StdinOptions, 'stdin' | 'stderr' | 'signal'>,
): Promise<Uint8Array> {
  if (path === '-') return (await readStdinBytes({ ...input, words: ['-'], isQuiet: true })) ?? new Uint8Array();
  try {
    return await readFileBytes(path, MOST_BYTES);
  } catch (error) {
    // Its hints are about prompts.
    throw error instanceof OrxError ? new OrxError(error.what, { kind: error.kind, cause: error }) : error;
  }
}
