import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { PATCHES } from './build-patches.js';
import { buildShared } from './build-shared.js';

// Everything a command needs at start in few files, every heavy library in a piece of its own that is read only when it is used. Libraries
// are bundled in because Node spends longer on finding files than on running them.
/** What libsql asks for: the name of the package for this machine. */
const LIBSQL_TARGET = `
const { familySync, MUSL } = require('detect-libc');
const libc = () => (familySync() === MUSL ? 'musl' : 'gnu');
exports.currentTarget = () => {
  const { platform, arch } = process;
  if (platform === 'linux') return arch === 'arm' ? 'linux-arm-gnueabihf' : 'linux-' + arch + '-' + libc();
  return platform === 'win32' ? 'win32-' + arch + '-msvc' : platform + '-' + arch;
};`;

const LATE_CHILD_PROCESS = `
exports.exec = (...words) => require('node:child_process').exec(...words);
exports.execSync = (...words) => require('node:child_process').execSync(...words);`;

/** @type {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }} */
const options = {
  // The worker is started by the name of its file: cli/services/stores.ts.
  entryPoints: { main: 'src/cli/main.ts', 'ledger-worker': 'src/storage/ledger/writer/worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  legalComments: 'linked',
  // In a Snap terminal conf would give up writing settings whole; nothing of orx runs in development mode.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', 'process.env.SNAP': '""' },
  // CommonJS libraries inside an ES module still say require('node:…').
  banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
  plugins: [
    // Parts of Node that a library asks for at start and orx never uses: HTTP/2 is off in undici, orx's commands are no programs of
    // their own. Loading them takes some milliseconds each.
    requiredBuiltins(),
    withoutModule('node:http2', /undici/, 'module.exports = { constants: {} };'),
    withoutModule(
      'node:http',
      /undici/,
      'module.exports = { maxHeaderSize: 16384, IncomingMessage: class {}, STATUS_CODES: {} };',
    ),
    withoutModule('node:assert', /undici/, 'module.exports = (value, message) => { if (!value) throw new Error(message); };'),
    withoutModule('node:child_process', /commander/, 'module.exports = {};'),
    // Its compiled half stays in node_modules and is found at run time. Which one that is was asked of a report on the whole process: 4 ms.
    // To find out which C library this is, it starts a program only where two files do not say: loading what starts one takes 2 ms.
    withoutModule('child_process', /detect-libc/, LATE_CHILD_PROCESS),
    withoutModule('@neon-rs/load', /libsql/, LIBSQL_TARGET),
    patched(),
  ],
  logLevel: 'warning',
};

const shared = await buildShared(options);
const { metafile } = await build({ ...options, metafile: true, plugins: [shared, ...options.plugins] });
// Completion waits for nothing that others need: it has files of its own, as small as can be, that are required, because importing takes
// longer. What reads databases is one apart.
const completion = await build({
  ...options,
  metafile: true,
  entryPoints: {
    complete: 'src/cli/complete.ts',
    'complete-known-candidates': 'src/cli/services/known-candidates.ts',
    'complete-kept-rows': 'src/cli/services/stored-rows.ts',
    'complete-kept-files': 'src/cli/files/stored-files.ts',
  },
  supported: { 'dynamic-import': false },
  outExtension: { '.js': '.cjs' },
  minifyIdentifiers: true,
  format: 'cjs',
  splitting: false,
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename);" },
  define: { ...options.define, 'import.meta.url': '__url' },
  plugins: [lateParts(), ...options.plugins],
});

// Pieces of an earlier build, removed only now: a program that runs meanwhile finds its own.
const made = new Set([
  'shared.js',
  'shared.js.LEGAL.txt',
  'shared-late.js',
  'shared-late.js.LEGAL.txt',
  'commands.json',
  ...Object.keys({ ...metafile.outputs, ...completion.metafile.outputs }).map((path) => path.replace(/^dist\//, '')),
]);
for (const name of await readdir('dist')) if (!made.has(name)) await rm(`dist/${name}`);

// What commander declares, for the shells' completion: it answers faster than commander loads.
const { outline } = await import(new URL('dist/main.js', import.meta.url).href);
await writeFile('dist/commands.json', JSON.stringify(await outline()));

/**
 * What completion loads late is a file of its own.
 * @returns {import('esbuild').Plugin}
 */
function lateParts() {
  return {
    name: 'late-parts',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/(kept-rows|kept-files|known-candidates)\.ts$/ }, ({ path, kind }) =>
        kind === 'dynamic-import'
          ? { path: path.replace('./', './complete-').replace('.ts', '.cjs'), external: true }
          : undefined,
      );
    },
  };
}

/**
 * Applies build-patches.js.
 * @returns {import('esbuild').Plugin}
 */
function patched() {
  return {
    name: 'patched',
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(PATCHES.map(({ file }) => file.source).join('|')) }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        // string-width of another major version lies inside of a library: it has other code.
        const isNested = path.split(/node_modules/).length > 2;
        for (const { file, replace, by, why } of PATCHES.filter((patch) => patch.file.test(path))) {
          const next = contents.replace(replace, by);
          if (next === contents && !isNested && contents !== '') throw new Error(`${file.source}: nothing to patch (${why})`);
          contents = next;
        }
        return { contents };
      });
    },
  };
}

/**
 * To import one of Node's own modules, Node reads all that it exports once, and some exports are made when they are read: standard
 * input, output and error of `process`, the streams of `fs`. To require it costs nothing of that.
 * @returns {import('esbuild').Plugin}
 */
function requiredBuiltins() {
  return {
    name: 'required-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:(process|fs)$/ }, ({ kind, path }) =>
        kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
    },
  };
}

/**
 * Gives `contents` to those importers for a module of Node.
 * @param {string} name
 * @param {RegExp} importer
 * @param {string} contents
 * @returns {import('esbuild').Plugin}
 */
function withoutModule(name, importer, contents) {
  return {
    name: `without-${name}`,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${name.replace('/', '\\/')}$`) }, (args) =>
        importer.test(args.importer) ? { path: name, namespace: name } : undefined,
      );
      onLoad({ filter: /.*/, namespace: name }, () => ({ contents, resolveDir: resolve('node_modules/libsql') }));
    },
  };
}
