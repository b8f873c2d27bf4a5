import { readdir, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { patched } from './build-patches.js';
import { buildShared } from './build-shared.js';

// Builds orx: everything that a command needs at start in few files, every heavy library in a separate file that is read only
// when it is used. Libraries are bundled because Node takes longer to find files than to run them.
/** Replaces @neon-rs/load, which tells libsql the name of its native package for this machine. */
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
  // cli/services/stores.ts starts the worker by the name of its file.
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
  // In a Snap terminal, conf would not write settings atomically; orx has no development mode.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', 'process.env.SNAP': '""' },
  // CommonJS libraries inside an ES module still use require('node:…').
  banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
  plugins: [
    // Parts of Node that libraries load at start and orx never uses: undici's HTTP/2 is disabled, and orx's commands are not
    // separate programs. Loading each takes some milliseconds.
    requiredBuiltins(),
    withoutModule('node:http2', /undici/, 'module.exports = { constants: {} };'),
    withoutModule(
      'node:http',
      /undici/,
      'module.exports = { maxHeaderSize: 16384, IncomingMessage: class {}, STATUS_CODES: {} };',
    ),
    withoutModule('node:assert', /undici/, 'module.exports = (value, message) => { if (!value) throw new Error(message); };'),
    withoutModule('node:child_process', /commander/, 'module.exports = {};'),
    // Part of Ink. assert loads colors, and opens standard error.
    withoutModule(
      'assert',
      /signal-exit/,
      'exports.equal = (one, other, message) => { if (one !== other) throw new Error(message); };',
    ),
    // libsql's native part stays in node_modules and is found at run time. @neon-rs/load would determine its name from a report
    // on the whole process, which takes 4 ms. detect-libc starts a program only when two files do not answer, so child_process,
    // which takes 2 ms to load, is loaded lazily.
    withoutModule('child_process', /detect-libc/, LATE_CHILD_PROCESS),
    withoutModule('@neon-rs/load', /libsql/, LIBSQL_TARGET),
    patched(),
  ],
  logLevel: 'warning',
};

const shared = await buildShared(options);
const { metafile } = await build({ ...options, metafile: true, plugins: [shared, ...options.plugins] });
// Completion shares nothing with other commands: it has its own minimal files, which are required because an import takes longer.
// The part that reads databases is a separate file.
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

// What bin/orx.js needs to print a version or a help text; it may not need more.
const start = await build({
  ...options,
  metafile: true,
  entryPoints: { start: 'src/cli/start/start.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  splitting: false,
  banner: {},
});

// Files of an earlier build. They are removed only now, so that a program that runs during the build finds its own.
const made = new Set([
  'shared.js',
  'shared.js.LEGAL.txt',
  'shared-late.js',
  'shared-late.js.LEGAL.txt',
  'commands.json',
  'help.json',
  ...Object.keys({ ...metafile.outputs, ...completion.metafile.outputs, ...start.metafile.outputs }).map((path) =>
    path.replace(/^dist\//, ''),
  ),
]);
for (const name of await readdir('dist')) if (!made.has(name)) await rm(`dist/${name}`);

// What commander declares, for shell completion, which answers faster than commander loads.
const { outline, helpPages } = await import(new URL('dist/main.js', import.meta.url).href);
await writeFile('dist/commands.json', JSON.stringify(await outline()));
await writeFile('dist/help.json', await helpPages());

/**
 * Puts what completion loads lazily into a separate file.
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
 * Makes Node's own modules required instead of imported. To import one, Node reads all its exports, some of which are created
 * when they are read: standard input, output and error of `process`, the streams of `fs`. Requiring it avoids that.
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
 * Replaces a module of Node with `contents` for these importers.
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
