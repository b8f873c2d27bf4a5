import { bytesText } from '../text/bytes.ts';
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { OrxError, usageError } from '../errors.ts';
import { utf8Text } from '../text/utf8.ts';
import { makePrivateFolder } from './files/private-mode.ts';
import { readFailure, unwritableHint, writeFailure } from '../text/file-failure.ts';

const LARGEST = 1024 * 1024;
/** In the order in which they are tried. */
const ENDINGS = ['.md', '.yaml', '.yml'];
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u;

/** A template file, not yet parsed. */
export interface TemplateFile {
  name: string;
  path: string;
  text: string;
  /** The file is YAML only, without front matter. */
  isYaml: boolean;
}

/** The templates of a folder, and others by their paths. */
export interface TemplateStore {
  folder: string;
  /** Returns the sorted names, without reading the files. */
  names: () => readonly string[];
  /** Returns names and paths, sorted by name, without reading the files. */
  list: () => readonly Pick<TemplateFile, 'name' | 'path'>[];
  /** Reads a template by name, or by path if the text contains a slash or a file extension. Throws kind `usage` if there is none. */
  read: (nameOrPath: string) => TemplateFile;
  /** Returns the path for a name, whether the file exists or not. Throws kind `usage` for an invalid name. */
  pathOf: (name: string) => string;
  /** Creates a file. Throws kind `usage` if it already exists. */
  create: (name: string, text: string) => string;
  remove: (name: string) => string;
}

/** Opens the folder of templates in the user's configuration folder. */
export function openTemplateStore(config: string): TemplateStore {
  const folder = join(config, 'templates');
  const find = (name: string): string | undefined => {
    checkName(name);
    const here = names(folder);
    const ending = ENDINGS.find((one) => here.includes(name + one));
    return ending === undefined ? undefined : join(folder, name + ending);
  };
  const read = (nameOrPath: string): TemplateFile => {
    if (isPath(nameOrPath)) return readTemplate(nameOrPath);
    const path = find(nameOrPath);
    if (path === undefined) throw unknownTemplate(nameOrPath);
    return readTemplate(path);
  };
  const files = (): readonly string[] =>
    names(folder)
      .filter((name) => ENDINGS.includes(extname(name)) && NAME.test(basename(name, extname(name))))
      .toSorted();
  return {
    folder,
    names: () => [...new Set(files().map((name) => basename(name, extname(name))))],
    list: () => files().map((name) => ({ name: basename(name, extname(name)), path: join(folder, name) })),
    read,
    pathOf: (name) => find(name) ?? join(folder, `${name}.md`),
    create(name, text) {
      const path = find(name);
      if (path !== undefined) throw usageError(`the template ${name} already exists`, `edit it: orx templates edit ${name}`);
      const made = join(folder, `${name}.md`);
      write(made, text);
      return made;
    },
    remove(name) {
      const path = find(name);
      if (path === undefined) throw unknownTemplate(name);
      rmSync(path);
      return path;
    },
  };
}

function write(path: string, text: string): void {
  try {
    makePrivateFolder(join(path, '..'));
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new OrxError(`cannot write the template ${path} (${writeFailure(error)})`, {
      kind: 'unexpected',
      hints: [unwritableHint(error)],
      cause: error,
    });
  }
}

function isPath(text: string): boolean {
  return /[\\/]/.test(text) || ENDINGS.includes(extname(text));
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw usageError(`invalid template name ${name}`, 'use letters, digits, - and _, or a path with a slash: -t ./FILE.md');
  }
}

function unknownTemplate(name: string): OrxError {
  return usageError(`unknown template ${name}`, 'list the templates: orx templates list', `create it: orx templates add ${name}`);
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Opens the file without blocking, in case it is a pipe without a writer. */
function readTemplate(path: string): TemplateFile {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) throw usageError(`${path} is not a file`);
    if (stat.size > LARGEST) throw usageError(`the template ${path} is larger than ${bytesText(LARGEST)}`);
    const ending = extname(path);
    return {
      name: basename(path, ending),
      path,
      text: utf8Text({ name: `the template ${path}`, path }, readFileSync(file)),
      isYaml: ending === '.yaml' || ending === '.yml',
    };
  } catch (error) {
    if (error instanceof OrxError) throw error;
    throw usageError(`cannot read the template ${path} (${readFailure(error)})`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
