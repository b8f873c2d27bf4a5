import { shellWord } from '../../text/shell-word.ts';
import { type DoctorCheck, failedCheck, okCheck, warningCheck } from './check.ts';

/** A file that orx has stored. */
export interface StoredFileFacts {
  path: string;
  /** Permission bits. On Windows, which has none: undefined. */
  mode: number | undefined;
  isReadable: boolean;
  isWritable: boolean;
  /** It contains a key, or may contain one. */
  holdsKey: boolean;
}

/** A folder in which orx stores files, and all files in it. */
export interface StoredFolderFacts {
  path: string;
  holds: 'settings' | 'data' | 'cache';
  /** Why orx cannot create files in it, such as `permission denied`; undefined if it can. */
  problem: string | undefined;
  files: readonly StoredFileFacts[];
}

const READABLE_BY_OTHERS = 0o044;
const WRITABLE_BY_ALL = 0o002;
const MOST_NAMED = 20;

/** Returns what is wrong with stored files and their permissions: one check for each kind of problem, or one that is ok. */
export function fileChecks(folders: readonly StoredFolderFacts[]): readonly DoctorCheck[] {
  const problems = [
    ...folders.flatMap(({ path, problem }) => (problem === undefined ? [] : [unusableFolder(path, problem)])),
    ...folders.flatMap((folder) => folderProblems(folder)),
  ];
  if (problems.length > 0) return problems;
  const count = folders.reduce((sum, { files }) => sum + files.length, 0);
  const places = [...new Set(folders.map(({ path }) => path))].join(', ');
  return [okCheck('files', `${count} ${count === 1 ? 'file' : 'files'} in ${places}`)];
}

function unusableFolder(path: string, problem: string): DoctorCheck {
  return failedCheck(
    'files',
    `cannot create files in ${path} (${problem})`,
    'use another folder: export ORX_HOME=FOLDER',
    `make the folder yours: sudo chown -R "$(id -un)" ${shellWord(path)}`,
  );
}

function folderProblems({ files, holds }: StoredFolderFacts): DoctorCheck[] {
  const has = (file: StoredFileFacts, bits: number): boolean => file.mode !== undefined && (file.mode & bits) !== 0;
  const locked = files.filter(({ isReadable, isWritable }) => !isReadable || !isWritable);
  const open = files.filter((file) => file.holdsKey && has(file, READABLE_BY_OTHERS));
  const changeable = files.filter((file) => has(file, WRITABLE_BY_ALL) && !open.includes(file));
  const visible = files.filter(
    (file) => holds === 'data' && has(file, READABLE_BY_OTHERS) && !changeable.includes(file) && !open.includes(file),
  );
  const each = (
    found: readonly StoredFileFacts[],
    report: typeof failedCheck,
    message: string,
    ...fixes: string[]
  ): DoctorCheck[] => (found.length === 0 ? [] : [report('files', `${nameOf(found)}: ${message}`, ...fixes)]);
  return [
    ...each(locked, failedCheck, 'orx cannot read or write', `make it yours: ${ownCommand(locked)}`),
    ...each(
      open,
      failedCheck,
      `contains a key, and other users can read it (mode ${modeText(open)})`,
      `make it private: chmod go= ${words(open)}`,
      'replace a key that others may have read: orx auth login',
    ),
    ...each(
      changeable,
      failedCheck,
      `every user can change it (mode ${modeText(changeable)})`,
      `make it private: chmod go= ${words(changeable)}`,
    ),
    ...each(
      visible,
      warningCheck,
      `other users can read it (mode ${modeText(visible)})`,
      `make it private: chmod go= ${words(visible)}`,
    ),
  ];
}

function ownCommand(files: readonly StoredFileFacts[]): string {
  return `sudo chown "$(id -un)" ${words(files)} && chmod u+rw ${words(files)}`;
}

function nameOf([first, ...rest]: readonly StoredFileFacts[]): string {
  return `${first?.path ?? ''}${rest.length === 0 ? '' : ` and ${rest.length} more`}`;
}

function modeText([first]: readonly StoredFileFacts[]): string {
  return (first?.mode ?? 0).toString(8).padStart(3, '0');
}

function words(files: readonly StoredFileFacts[]): string {
  return files
    .slice(0, MOST_NAMED)
    .map(({ path }) => shellWord(path))
    .join(' ');
}
