import { homedir } from 'node:os';
import { parseProjectFile, type ProjectFile, projectFileError } from '../../core/settings/project-settings.ts';
import { OrxError } from '../../errors.ts';
import { findProjectFile, type FoundProjectFile } from '../../storage/project-file.ts';

interface ProjectFiles {
  /** Returns the project file of the folder, which is read once. */
  find: () => ProjectFile | undefined;
  /** See Stores.noteProjectFile. */
  note: (data: string) => Promise<string | undefined>;
}

/** Undefined as folder: there is no project file. */
export function createProjectFiles(folder: string | undefined, env: Readonly<Record<string, string | undefined>>): ProjectFiles {
  let known: { found: FoundProjectFile | undefined; file: ProjectFile | undefined } | undefined;
  const read = (): NonNullable<typeof known> => {
    if (known !== undefined) return known;
    const found =
      folder === undefined ? undefined : findProjectFile(folder, { home: env['HOME'] || homedir(), owners: owners(env) });
    return (known = { found, file: found && parsed(found) });
  };
  return {
    find: () => read().file,
    async note(data) {
      const { found } = read();
      if (found === undefined || !('text' in found)) return undefined;
      // If it cannot be remembered, the user is told again.
      const { isNewProjectFile } = await import('../../storage/noted-project-files.ts');
      const isNew = await isNewProjectFile(data, found).catch(() => true);
      return isNew ? found.path : undefined;
    },
  };
}

function parsed(found: FoundProjectFile): ProjectFile {
  const { path } = found;
  if ('why' in found) return { path, fault: projectFileError(path, found.why) };
  try {
    return { path, values: parseProjectFile(path, found.text) };
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    return { path, fault: error };
  }
}

/** The user, and with sudo the user who called it; undefined on Windows. */
function owners(env: Readonly<Record<string, string | undefined>>): readonly number[] | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  const caller = user === 0 ? Number.parseInt(env['SUDO_UID'] ?? '', 10) : Number.NaN;
  return Number.isNaN(caller) ? [user] : [user, caller];
}
