import { randomBytes } from 'node:crypto';
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { OrxError, usageError } from '../errors.ts';
import { write } from '../output/text/write-stream.ts';
import { writeFailure } from '../text/file-failure.ts';
import { placeFile } from '../place-file.ts';
import type { Context } from './context.ts';

export interface ReportPlace {
  /** A path; undefined: standard output. */
  out?: string | undefined;
  /** Whether an existing file may be replaced. */
  force: boolean;
}

/**
 * Writes a report, as a whole or in pieces, to standard output or to a file. Writes a temporary file in the same folder and renames it, so that the file is
 * complete or missing. Replaces an existing file only with `force`; otherwise throws a usage error.
 */
export async function writeReport(
  { terminal: { streams } }: Context,
  text: string | AsyncIterable<string>,
  { out, force }: ReportPlace,
): Promise<void> {
  if (out === undefined) {
    if (typeof text === 'string') return write(streams.stdout, text);
    for await (const piece of text) await write(streams.stdout, piece);
    return;
  }
  const beside = `${out}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // Only the user may read the file, because it contains spending and conversations.
    await writeFile(beside, text, { flag: 'wx', mode: 0o600 });
    await (force ? rename(beside, out) : placeFile(beside, out));
  } catch (error) {
    throw reportError(error as NodeJS.ErrnoException, out);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Throws what writeReport would throw for a file that exists, before the work that the report is about. */
export async function checkReportPlace({ out, force }: ReportPlace): Promise<void> {
  if (out === undefined || force) return;
  const isFree = await access(out).then(
    () => false,
    () => true,
  );
  if (!isFree) throw reportError(Object.assign(new Error(out), { code: 'EEXIST' }), out);
}

/** Returns the error for a report that cannot be written. */
export function reportError(error: NodeJS.ErrnoException, out: string): OrxError {
  if (error.code === 'EEXIST')
    return usageError(`${out} already exists`, 'replace it: --force', 'write to another file: --out-file FILE');
  return new OrxError(`cannot write ${out} (${writeFailure(error)})`, {
    kind: 'unexpected',
    code: 'file-unwritable',
    hints: [{ shell: 'write to another file: --out-file FILE', session: 'name another file: /export FILE' }],
    cause: error,
  });
}
