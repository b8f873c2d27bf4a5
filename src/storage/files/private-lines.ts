import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { keepFilePrivate } from './private-mode.ts';

/**
 * Adds lines to a file that only this user can read (`a`), or replaces it (`w`). The lines have no line ends. Writes everything or
 * throws.
 */
export function writePrivateLines(path: string, flags: 'a' | 'w', lines: readonly string[]): void {
  const descriptor = openSync(path, flags, 0o600);
  try {
    keepFilePrivate(descriptor);
    // A line that was truncated by a full disk or a kill must not damage the next one.
    const start = flags === 'a' && isTorn(path) ? '\n' : '';
    writeFileSync(descriptor, start + lines.map((line) => `${line}\n`).join(''));
  } finally {
    closeSync(descriptor);
  }
}

function isTorn(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
  } finally {
    closeSync(descriptor);
  }
}
