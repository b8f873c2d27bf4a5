import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { includesOf, type ConfigText } from '../../core/gateway-config/load.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';

/** A configuration file and the files that it includes, in the order in which they apply. */
export interface ConfigFiles {
  main: ConfigText;
  included: readonly ConfigText[];
}

/** Chains of more files are a mistake. */
const MOST_FILES = 100;

/**
 * Reads a configuration file and the files that it includes. They must be in its folder, also behind links, because its author may not have chosen the others. Calls
 * `onPath` with the path of each of them, also of one that cannot be read. Throws kind `usage`.
 */
export async function readConfigFiles(
  path: string,
  { files }: Pick<Context, 'files'>,
  onPath: (path: string) => void = () => undefined,
): Promise<ConfigFiles> {
  const folder = dirname(resolve(path));
  const realFolder = await realPath(folder);
  const read = new Map<string, ConfigText>();
  const visit = async (file: string, from: readonly string[]): Promise<void> => {
    const name = relative(folder, file);
    const chain = [...from, name];
    if (from.includes(name)) throw cannotInclude(from.at(-1)!, name, `the files include each other: ${chain.join(' → ')}`);
    if (read.has(file)) return;
    if (read.size >= MOST_FILES) throw cannotInclude(from.at(-1)!, name, `there are more than ${MOST_FILES} files`);
    onPath(file);
    const text = await files.readFileText(from.length === 0 ? path : file).catch((error: unknown) => {
      throw from.length === 0 || !(error instanceof OrxError) ? error : cannotInclude(from.at(-1)!, name, error.message);
    });
    read.set(file, { name, text });
    for (const include of includesOf({ name, text })) {
      const next = resolve(dirname(file), include);
      if (isOutside(folder, next) || isOutside(realFolder, await realPath(next)))
        throw cannotInclude(name, include, `it is outside the folder of ${basename(path)}`);
      await visit(next, chain);
    }
  };
  await visit(resolve(path), []);
  const [main, ...included] = read.values();
  return { main: main!, included };
}

/** Returns the path without links. A path that does not exist stays as it is: reading it fails. */
function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isOutside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way === '' || way === '..' || way.startsWith('../') || way.startsWith('..\\') || isAbsolute(way);
}

function cannotInclude(name: string, included: string, why: string): OrxError {
  return new OrxError(`${name}: cannot include ${included}`, {
    kind: 'usage',
    code: 'bad-config',
    why,
    hints: ['check the file (keys: docs/gateway-config.md): orx serve --config FILE --check-config'],
  });
}
