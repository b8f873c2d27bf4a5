import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { checkPatches, patched } from './build-patches.js';
import { buildPacks } from './build-packs.js';

// Builds orx: packs (build-packs.js), the file that loads them, completion, the thread that writes the ledger, and the process that
// reads the keychain. Libraries are bundled because Node takes longer to find files than to run them.
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
exports.execSync = (...words) => require('node:child_process').execSync(...words);
exports.execFileSync = (...words) => require('node:child_process').execFileSync(...words);`;

/** Parts of Node that take a millisecond or more to load. */
const LATE_BUILTINS = /^node:(?:child_process|crypto|fs\/promises|os|readline|stream|tls|url|worker_threads|zlib)$/;

/** Replacements of modules that no build has used yet. @type {Set<string>} */
const unusedReplacements = new Set();

/** @type {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }} */
const options = {
  entryPoints: { main: 'src/cli/main.ts' },
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
    // Parts of Node that libraries load at start and orx never uses: its commands are not separate programs, for example. Loading each takes some
    // milliseconds.
    requiredBuiltins(),
    withoutModule(
      'node:http',
      /undici/,
      'module.exports = { maxHeaderSize: 16384, IncomingMessage: class {}, STATUS_CODES: {} };',
    ),
    withoutModule('node:assert', /undici/, 'module.exports = (value, message) => { if (!value) throw new Error(message); };'),
    // A search tree of the names of common headers, which saves a copy for each header of a reply. Making it takes longer.
    withoutModule('./tree', /undici/, 'exports.tree = { lookup: () => null };'),
    // Sets of characters and methods for undici's other programs. The parser's own numbers are all that its client uses.
    withoutModule('../llhttp/constants.js', /undici/, parserNumbers()),
    // Bodies are text here, HTTP/2 is off, and nothing subscribes to undici's channels.
    withoutModule('../web/fetch/body.js', /undici/, 'exports.extractBody = () => { throw new Error("a body is text here"); };'),
    withoutModule('./client-h2.js', /undici/, 'module.exports = () => { throw new Error("HTTP/2 is off"); };'),
    withoutModule(
      /^(?:\.\.\/core|\.)\/diagnostics(?:\.js)?$/,
      /undici/,
      'const silent = { hasSubscribers: false, publish() {} }; exports.channels = new Proxy({}, { get: () => silent });',
    ),
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
    // Part of Ink. It starts a program only if no stream knows the size of the terminal.
    withoutModule('node:child_process', /terminal-size/, LATE_CHILD_PROCESS),
    withoutModule('@neon-rs/load', /libsql/, LIBSQL_TARGET),
    patched(),
  ],
  logLevel: 'warning',
};

// A pack is written before esbuild makes the folder.
await mkdir('dist', { recursive: true });
const { packs, files } = await buildPacks(options);
// cli/services/stores.ts and cli/files/read-ledger-file.ts start the threads by the names of their files.
const worker = await build({
  ...options,
  metafile: true,
  splitting: false,
  entryPoints: {
    'ledger-worker': 'src/storage/journal/ledger-thread.ts',
    'ledger-file-worker': 'src/cli/files/ledger-file-thread.ts',
  },
});
// cli/keychain/keychain.ts starts it. Its compiled library stays in node_modules: npm leaves it out where there is none.
const keychain = await build({
  ...options,
  metafile: true,
  splitting: false,
  external: ['@napi-rs/keyring'],
  entryPoints: { 'keychain-process': 'src/cli/keychain/keychain-process.ts' },
});
// Completion shares nothing with other commands: it has its own minimal files, which are required because an import takes longer.
// The part that reads databases is a separate file.
const COMPLETION = {
  complete: 'src/cli/complete.ts',
  'complete-known-candidates': 'src/cli/services/known-candidates.ts',
  'complete-stored-rows': 'src/cli/services/stored-rows.ts',
  'complete-stored-files': 'src/cli/files/stored-files.ts',
};
const completion = await build({
  ...options,
  metafile: true,
  entryPoints: COMPLETION,
  supported: { 'dynamic-import': false },
  outExtension: { '.js': '.cjs' },
  minifyIdentifiers: true,
  format: 'cjs',
  splitting: false,
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename);" },
  define: { ...options.define, 'import.meta.url': '__url' },
  plugins: [lateParts(COMPLETION), ...options.plugins],
});

// Prints a version or a help text, or loads the packs. Written after them.
const start = await build({
  ...options,
  metafile: true,
  entryPoints: { start: 'src/cli/start/start.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  splitting: false,
  banner: {},
  define: { ...options.define, PACK_FILES: JSON.stringify(packs) },
});

checkPatches();
const [unused] = unusedReplacements;
if (unused !== undefined) throw new Error(`no build has replaced this module: ${unused}`);

// Files of an earlier build. They are removed only now, so that a program that runs during the build finds its own.
const made = new Set([
  ...files,
  'commands.json',
  'help.json',
  ...Object.keys({
    ...worker.metafile.outputs,
    ...keychain.metafile.outputs,
    ...completion.metafile.outputs,
    ...start.metafile.outputs,
  }).map((path) => path.replace(/^dist\//, '')),
]);
for (const name of await readdir('dist')) if (!made.has(name)) await rm(`dist/${name}`);

// What commander declares, for shell completion, which answers faster than commander loads.
const require = createRequire(import.meta.url);
const { outline, helpPages } = require(resolve('dist/start.cjs')).loadProgram(require, resolve('dist'));
await writeFile('dist/commands.json', JSON.stringify(await outline()));
await writeFile('dist/help.json', await helpPages());

/**
 * Leaves what is imported dynamically and has a file of its own in that file.
 * @param {Readonly<Record<string, string>>} entries The name of each file and its module.
 * @returns {import('esbuild').Plugin}
 */
function lateParts(entries) {
  const names = new Map(Object.entries(entries).map(([name, path]) => [resolve(path), name]));
  return {
    name: 'late-parts',
    setup({ onResolve }) {
      onResolve({ filter: /\.ts$/ }, ({ path, kind, resolveDir }) => {
        const name = kind === 'dynamic-import' ? names.get(resolve(resolveDir, path)) : undefined;
        return name === undefined ? undefined : { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

/**
 * Makes Node's own modules required instead of imported. To import one, Node reads all its exports, some of which are created
 * when they are read: standard input, output and error of `process`, the streams of `fs`. Requiring it avoids that.
 *
 * Those that orx itself imports are found through a prototype: esbuild would copy all their names for each module that imports
 * them. Those that take milliseconds to load are loaded when something of them is first used.
 * @returns {import('esbuild').Plugin}
 */
function requiredBuiltins() {
  const own = new RegExp(`^${resolve('src').replaceAll(/[\\/.]/g, '\\$&')}`);
  return {
    name: 'required-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:/ }, ({ kind, path, importer }) => {
        if (kind !== 'import-statement') return undefined;
        // A default import is the module itself.
        if (path === 'node:process' || (path === 'node:fs' && !own.test(importer))) return { path, namespace: 'required' };
        if (!own.test(importer)) return undefined;
        if (LATE_BUILTINS.test(path)) return { path, namespace: 'late' };
        return /^node:(?:fs|path|buffer)$/.test(path) ? { path, namespace: 'inherited' } : undefined;
      });
      onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
      onLoad({ filter: /.*/, namespace: 'inherited' }, ({ path }) => ({
        contents: `module.exports = Object.create(require('${path}'));`,
      }));
      onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
        contents: `let loaded;
module.exports = Object.create(new Proxy({}, { get: (_, name) => (loaded ??= require('${path}'))[name] }));`,
      }));
    },
  };
}

/**
 * Returns a module with the parts of undici's module of constants that its client uses.
 * @returns {string}
 */
function parserNumbers() {
  const { ERROR, TYPE } = createRequire(import.meta.url)('undici/lib/llhttp/constants.js');
  return `exports.ERROR = ${JSON.stringify(ERROR)}; exports.TYPE = ${JSON.stringify(TYPE)};`;
}

/**
 * Replaces a module with `contents` for these importers.
 * @param {string | RegExp} name
 * @param {RegExp} importer
 * @param {string} contents
 * @returns {import('esbuild').Plugin}
 */
function withoutModule(name, importer, contents) {
  const filter = typeof name === 'string' ? new RegExp(`^${name.replaceAll(/[./]/g, '\\$&')}$`) : name;
  const namespace = `without-${filter.source.replaceAll(/\W+/g, '-')}`;
  const replacement = `${filter.source} of ${importer.source}`;
  unusedReplacements.add(replacement);
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path, importer: from }) => {
        if (!importer.test(from)) return undefined;
        unusedReplacements.delete(replacement);
        return { path, namespace };
      });
      onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: resolve('node_modules/libsql') }));
    },
  };
}
