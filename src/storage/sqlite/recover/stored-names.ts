import { basename, dirname, extname } from 'node:path';

const LOSSY = '-incomplete';

/** Returns the names of damaged files that orx keeps next to a database. The name says whether everything could be recovered. */
export function storedNames(path: string): {
  folder: string;
  nameFor: (moment: Date, isComplete: boolean) => string;
  isLossy: (file: string) => boolean;
} {
  const start = `${basename(path, extname(path))}.damaged-`;
  return {
    folder: dirname(path),
    nameFor: (moment, isComplete) => `${start}${moment.toISOString().replaceAll(/[:.]/g, '-')}${isComplete ? '' : LOSSY}`,
    isLossy: (file) => file.startsWith(start) && file.endsWith(LOSSY),
  };
}
