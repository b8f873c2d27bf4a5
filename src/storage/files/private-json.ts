import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { OrxError } from '../../errors.ts';
import { utf8Text } from '../../text/utf8.ts';
import { withFileLock } from './file-lock.ts';
import { keepFilePrivate, makePrivateFolder } from './private-mode.ts';
import { readFailure, unwritableHint, writeFailure } from '../../text/file-failure.ts';

const PRIVATE = 0o600;

/**
 * Reads the object in one of orx's own small files, and makes the file private. A missing file gives an empty object; a damaged one throws a
 * usage error.
 */
export function readPrivateJson(path: string): Readonly<Record<string, unknown>> {
  let descriptor: number | undefined;
  let bytes: Buffer;
  try {
    descriptor = openSync(path, 'r');
    keepFilePrivate(descriptor);
    bytes = readFileSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw fileError(`cannot read ${path} (${readFailure(error)})`, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  try {
    const value: unknown = JSON.parse(utf8Text({ name: path, path }, bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof OrxError) throw error;
  }
  throw new OrxError(`${path} is not a JSON object`, {
    kind: 'usage',
    code: 'file-corrupt',
    hints: ['fix the file, or move it away'],
  });
}

/** Stores the object that `work` returns for the stored one. The write is atomic, and no other process can write in between. */
export async function updatePrivateJson(
  path: string,
  work: (stored: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    makePrivateFolder(dirname(path));
    await withFileLock(`${path}.lock`, () => {
      const text = `${JSON.stringify(work(readPrivateJson(path)), null, 2)}\n`;
      const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        writeFileSync(beside, text, { mode: PRIVATE, flag: 'wx' });
        renameSync(beside, path);
      } finally {
        rmSync(beside, { force: true });
      }
    });
  } catch (error) {
    if (error instanceof OrxError) throw error;
    throw fileError(`cannot write ${path} (${writeFailure(error)})`, error);
  }
}

function fileError(message: string, cause: unknown): OrxError {
  return new OrxError(message, {
    kind: 'unexpected',
    code: 'file-unusable',
    hints: [unwritableHint(cause)],
    cause,
  });
}
