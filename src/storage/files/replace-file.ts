import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import { makePrivateFolder } from './private-mode.ts';

let count = 0;

/**
 * Writes a text to a file for this user only, in place of the file of that name, which is complete whenever it can be read. Creates its folder.
 * Throws the system's error.
 */
export function replaceFile(path: string, text: string): void {
  makePrivateFolder(dirname(path));
  count += 1;
  // Random numbers would load node:crypto, which takes 3 ms, and asynchronous writing node:fs/promises.
  const beside = `${path}.${pid}-${Date.now().toString(36)}-${count}.tmp`;
  try {
    writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
