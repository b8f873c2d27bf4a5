import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../../version.ts';
import { quickText } from './quick-text.ts';

/**
 * Handles `--version` and `--help` without loading the program. Returns whether it has printed everything; otherwise the program
 * handles the arguments, also to report a failed write. `folder` has the files of the build.
 */
export function printQuickly(args: readonly string[], folder: string): boolean {
  const text = quickText(args, {
    version: () => VERSION,
    pages: () => readFileSync(join(folder, 'help.json'), 'utf8'),
    columns: () => (isCharacterDevice() ? process.stdout.columns : undefined),
  });
  if (text === undefined) return false;
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    // A full non-blocking pipe.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
    process.stdout.write(bytes.subarray(written));
  }
  return true;
}

/** Creating the standard output stream takes some milliseconds, and only a terminal has columns. */
function isCharacterDevice(): boolean {
  try {
    return fstatSync(1).isCharacterDevice();
  } catch {
    return false;
  }
}
