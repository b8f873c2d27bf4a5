/** Failures of the system that reading and writing a file share. */
const REASONS: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file is too large'],
  ['EISDIR', 'it is a folder'],
  ['ELOOP', 'its links lead in a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EMFILE', 'too many files are open'],
  ['EIO', 'the disk reports an error'],
]);

/** Returns why a file cannot be written, in words. Returns the system's code if it has no common name. */
export function writeFailure(error: unknown): string {
  return failure(error, 'the folder does not exist');
}

/** Returns what to do if a file in one of orx's folders cannot be written. */
export function unwritableHint(error: unknown): string {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
    ? 'make room on the disk, then try again'
    : 'change its permissions, or use another folder: export ORX_HOME=FOLDER';
}

/** Returns why a file cannot be read, as `writeFailure` does. */
export function readFailure(error: unknown): string {
  return failure(error, 'no such file');
}

function failure(error: unknown, missing: string): string {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return missing;
  // For a folder below a file, Node 24 states that something exists, Node 20 that it is not a folder.
  const reason = REASONS.get(code === 'EEXIST' && syscall === 'mkdir' ? 'ENOTDIR' : code);
  return reason ?? code ?? message ?? String(error);
}
