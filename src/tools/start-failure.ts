const REASONS: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'no such program'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
]);

/** Returns the error for a program that could not be started. */
export function startFailure(error: NodeJS.ErrnoException, program: string): Error {
  return new Error(`cannot start ${program}: ${REASONS.get(error.code) ?? error.message}`, { cause: error });
}
