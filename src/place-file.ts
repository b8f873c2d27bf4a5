import { link, open, rename, rm } from 'node:fs/promises';

/** File systems without hard links say one of these: FAT, many network and FUSE ones, Android. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EXDEV',
  'EINVAL',
]);

/**
 * Moves a finished file to its name, which nothing is replaced for: whole, or not at all. Throws what the system says, `EEXIST` where the name is
 * taken.
 */
export async function placeFile(draft: string, path: string, linkTo: typeof link = link): Promise<void> {
  try {
    // A link never replaces a file, a renaming always does.
    await linkTo(draft, path);
    await rm(draft, { force: true });
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // An empty file takes the name: nobody else can have it then, and it may be replaced.
    await (await open(path, 'wx', 0o600)).close();
    try {
      await rename(draft, path);
    } catch (failure) {
      await rm(path, { force: true });
      throw failure;
    }
  }
}
