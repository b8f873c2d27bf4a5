// esbuild would create a separate file for every set of entry points that share code, and Node takes longer to find a file than
// to run it. Small modules without other dependencies are put into one file for all of them.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Libraries that may be included: small, and used by few other modules. */
const SMALL_LIBRARIES = /node_modules\/(?:big\.js|string-width|get-east-asian-width|strip-ansi|ansi-regex)\//;
/** Modules of src/cli that contain only data. */
const CLI_DATA = /^src\/cli\/(?:help\/command-table|exit-codes)\.ts$/;
/** The exports of one of orx's own modules. */
const EXPORTED = /^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm;
/** Entry points of every chat in a pipe: a user who waits for the first token should not wait for code of screens and reports. */
const AT_ONCE = [
  'src/cli/program.ts',
  'src/commands/chat/command.ts',
  'src/cli/services/open-api.ts',
  'src/storage/journal/journal.ts',
  'src/storage/journal/take-over.ts',
  'src/storage/ledger/open-ledger.ts',
  'src/storage/conversations/open-conversations.ts',
];

/**
 * Finds the modules that can be shared and builds them into two additional files. Returns a plugin that resolves them to those
 * files.
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
 * @param {string} file The file that contains them.
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
 * Returns these modules and all their static imports.
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
 * Returns orx's own modules that several outputs need and whose imports are also such modules. Modules that export the same name
 * would hide each other's, so they are not shared.
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
  // A module that cannot be shared excludes the modules that need it.
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
