import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Paths } from '../paths.ts';
import { holdsKey } from '../settings-file.ts';
import { writeFailure } from '../../text/file-failure.ts';

/** What the system says about one of orx's files, without opening it for the user: core/doctor/judge-files.ts. */
export interface InspectedFile {
  path: string;
  mode: number | undefined;
  isReadable: boolean;
  isWritable: boolean;
  holdsKey: boolean;
}

export interface InspectedFolder {
  path: string;
  holds: 'settings' | 'data' | 'cache';
  problem: string | undefined;
  files: readonly InspectedFile[];
}

const MOST_FILES = 5000;
const DEEPEST = 5;
/** The settings are much smaller. */
const LARGEST_SETTINGS = 4 * 1024 * 1024;

/**
 * Returns the folders of orx with all files in them, at most 5000 for each. Changes nothing, and does not follow links to folders. Never throws.
 */
export function inspectFolders({ config, data, cache }: Paths, platform: NodeJS.Platform): readonly InspectedFolder[] {
  const places = [
    { path: config, holds: 'settings' },
    { path: data, holds: 'data' },
    { path: cache, holds: 'cache' },
  ] as const;
  return places.map(({ path, holds }) => {
    const files: InspectedFile[] = [];
    const others = places.map((place) => place.path).filter((other) => other !== path);
    collect(path, { files, others, hasModes: platform !== 'win32' }, 0);
    return { path, holds, problem: creationProblem(path), files };
  });
}

interface Collecting {
  files: InspectedFile[];
  /** Folders that are listed on their own. */
  others: readonly string[];
  hasModes: boolean;
}

function collect(folder: string, into: Collecting, depth: number): void {
  let names;
  try {
    names = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of names) {
    const path = join(folder, entry.name);
    if (into.files.length >= MOST_FILES) return;
    if (entry.isDirectory()) {
      if (depth < DEEPEST && !into.others.includes(path)) collect(path, into, depth + 1);
      continue;
    }
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) continue;
    const isReadable = isAllowed(path, constants.R_OK);
    into.files.push({
      path,
      mode: into.hasModes ? stat.mode & 0o777 : undefined,
      isReadable,
      isWritable: isAllowed(path, constants.W_OK),
      holdsKey: isReadable && depth === 0 && stat.size <= LARGEST_SETTINGS && mayHoldKey(entry.name, path),
    });
  }
}

/** The settings contain keys; the declarations of MCP servers may contain them in variables and headers. */
function mayHoldKey(name: string, path: string): boolean {
  if (name === 'config.json') return holdsKey(readFileSync(path, 'latin1'));
  if (name === 'mcp.json') return /"(?:env|headers)"/.test(readFileSync(path, 'latin1'));
  return false;
}

/** Returns why no file can be created in a folder, which need not exist yet. */
function creationProblem(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return 'it is not a folder';
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    return code === 'ENOENT' && above !== folder ? creationProblem(above) : writeFailure(error);
  }
}

function isAllowed(path: string, right: number): boolean {
  try {
    accessSync(path, right);
    return true;
  } catch {
    return false;
  }
}
