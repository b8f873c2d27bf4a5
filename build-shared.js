// Code that several pieces need would get a piece of its own for every set of pieces that need it, and Node takes longer to find a file than
// to run it. What is small and asks for nothing else is put into one file for all of them.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Libraries that may come along: small, and used by hardly anything else. */
const SMALL_LIBRARIES = /node_modules\/(?:big\.js|string-width|get-east-asian-width|strip-ansi|ansi-regex)\//;
/** Of the process's own modules, those that hold data only. */
const CLI_DATA = /^src\/cli\/(?:help\/command-table|exit-codes)\.ts$/;
/** What a module of ours exports, as it is written here. */
const EXPORTED = /^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm;
/** What every chat in a pipe loads: who waits for a first word does not wait for code of screens and reports. */
const AT_ONCE = [
  'src/cli/program.ts',
  'src/commands/chat/command.ts',
  'src/cli/services/open-api.ts',
  'src/storage/ledger/open-ledger.ts',
  'src/storage/conversations/open-conversations.ts',
];

/**
 * Finds the modules that can be shared, builds them into two files beside the others, and returns a plugin that takes them from there.
 * @param {import('esbuild').BuildOptions} options Of the whole build.
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function buildShared(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const { inputs, outputs } = /** @type {import('esbuild').Metafile} */ (metafile);
  const shared = sharedModules({ inputs, outputs });
  const atOnce = closureOf(AT_ONCE, inputs);
  const early = shared.filter((path) => atOnce.has(path));
  const late = shared.filter((path) => !atOnce.has(path));
  const fromEarly = takenFrom(early, './shared.js');
  await buildFile('shared.js', early, options);
  await buildFile('shared-late.js', late, { ...options, plugins: [fromEarly, ...(options.plugins ?? [])] });
  const fromLate = takenFrom(late, './shared-late.js');
  return {
    name: 'shared',
    setup(build) {
      void fromEarly.setup(build);
      void fromLate.setup(build);
    },
  };
}

/**
 * @param {string} name
 * @param {readonly string[]} modules
 * @param {import('esbuild').BuildOptions} options
 */
async function buildFile(name, modules, options) {
  const contents = modules.map((path) => `export * from ${JSON.stringify(`./${path}`)};`).join('\n');
  const { entryPoints: _, outdir, ...rest } = options;
  const stdin = { contents, resolveDir: '.', sourcefile: name };
  await build({ ...rest, stdin, outfile: `${outdir}/${name}`, splitting: false });
}

/**
 * @param {readonly string[]} modules
 * @param {string} file That holds them.
 * @returns {import('esbuild').Plugin}
 */
function takenFrom(modules, file) {
  const paths = new Set(modules.map((path) => resolve(path)));
  return {
    name: file,
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
        paths.has(resolve(resolveDir, path)) ? { path: file, external: true } : undefined,
      );
    },
  };
}

/**
 * These modules and all that they import at once.
 * @param {readonly string[]} paths
 * @param {import('esbuild').Metafile['inputs']} inputs
 * @returns {ReadonlySet<string>}
 */
function closureOf(paths, inputs) {
  const matches = new Set(paths);
  for (const path of matches) {
    for (const { kind, path: next } of inputs[path]?.imports ?? []) if (kind === 'import-statement') matches.add(next);
  }
  return matches;
}

/**
 * Modules of ours that several pieces need, whose imports are all of that kind too. Names that two of them export would hide each other:
 * then neither is shared.
 * @param {import('esbuild').Metafile} metafile
 * @returns {string[]}
 */
function sharedModules({ inputs, outputs }) {
  const candidates = new Set(
    Object.values(outputs)
      .filter(({ entryPoint }) => entryPoint === undefined)
      .flatMap((output) => Object.keys(output.inputs))
      .filter((path) => /^src\/.*\.ts$/.test(path) && (!path.startsWith('src/cli/') || CLI_DATA.test(path))),
  );
  /** @type {Map<string, boolean>} */
  const known = new Map();
  /** @type {(path: string) => boolean} */
  const isSelfContained = (path) => {
    const hit = known.get(path);
    if (hit !== undefined) return hit;
    known.set(path, true);
    const is =
      SMALL_LIBRARIES.test(path) ||
      (/^src\/.*\.ts$/.test(path) &&
        inputs[path]?.imports.every(({ kind, path: next, external }) =>
          external === true ? next.startsWith('node:') : kind === 'import-statement' && isSelfContained(next),
        ) === true);
    known.set(path, is);
    return is;
  };
  const modules = [...candidates].filter(isSelfContained).toSorted();
  const names = modules.map((path) => [...readFileSync(path, 'utf8').matchAll(EXPORTED)].map((match) => match[1]));
  const counts = new Map();
  for (const name of names.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  // A module that must stay out takes with it those that need it.
  const out = new Set(modules.filter((_, index) => names[index]?.some((name) => counts.get(name) > 1)));
  return modules.filter((path) => !reaches(path, out, inputs));
}

/**
 * @param {string} path
 * @param {ReadonlySet<string>} targets
 * @param {import('esbuild').Metafile['inputs']} inputs
 * @returns {boolean}
 */
function reaches(path, targets, inputs, seen = new Set()) {
  if (targets.has(path)) return true;
  if (seen.has(path)) return false;
  seen.add(path);
  return inputs[path]?.imports.some(({ path: next }) => reaches(next, targets, inputs, seen)) === true;
}
