import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { CodeCache } from './code-cache.ts';

/** The packs of the build (build-packs.js): their files, which have a hash of their contents in their names. */
export type PackFiles = Readonly<Record<string, { file: string; isData: boolean }>>;

type Modules = Readonly<Record<string, () => unknown>>;
type RunPack = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: Modules },
  packs: Packs,
  /** Where the pack puts what its modules export to other packs. */
  exported: Record<number, unknown>,
) => void;

export interface Packs {
  /** Returns the exports of a module. Loads its pack and runs the module first, if necessary. */
  get: (pack: string, id: number | string) => unknown;
  /** The URL of a file in the folder of the build, for `import.meta.url`. */
  readonly url: string;
}

/** Returns the modules of the packs in a folder. `require` finds Node's modules and the compiled library. */
export function openPacks(folder: string, files: PackFiles, require: NodeJS.Require, cache: CodeCache | undefined): Packs {
  const loaded = new Map<string, Modules>();
  const exported = new Map<string, unknown>();
  const load = (name: string): Modules => {
    const { file, isData } = files[name]!;
    const filename = join(folder, file);
    // The build escapes everything else, and V8 reads this encoding faster.
    const text = readFileSync(filename, 'latin1');
    const cachedData = isData ? undefined : cache?.read(name, file);
    const script = new Script(text, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
    if (!isData) cache?.add(name, script);
    const module = { exports: {} };
    (script.runInThisContext() as RunPack)(module.exports, require, module, packs, {});
    return module.exports;
  };
  const packs: Packs = {
    get(name, id) {
      const key = `${name} ${id}`;
      if (exported.has(key)) return exported.get(key);
      let modules = loaded.get(name);
      if (modules === undefined) loaded.set(name, (modules = load(name)));
      const module = modules[id]!();
      exported.set(key, module);
      return module;
    },
    get url() {
      return pathToFileURL(join(folder, 'packs.js')).href;
    },
  };
  return packs;
}
