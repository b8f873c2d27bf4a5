// Builds the program as packs: CommonJS files with all modules that certain commands need. Node takes longer to find files than to
// run them, and V8 keeps compiled code for a whole file (src/cli/start/code-cache.ts). Inside a pack, a module runs when it is
// first needed.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { withFunctions } from './build-wrappers.js';

/**
 * The packs, in order: a module belongs to the first one with an entry that imports it statically. Everything else is in the last
 * pack. Compiled code is kept for each pack that a command loads, so what a command does not need costs it little, but not nothing.
 * @type {readonly { name: string, entries: RegExp, isData?: boolean }[]}
 */
const PACKS = [
  // Tables of tokenizers, megabytes each.
  { name: 'o200k', entries: /gpt-tokenizer\/.*o200k_base\.js$/, isData: true },
  { name: 'cl100k', entries: /gpt-tokenizer\/.*cl100k_base\.js$/, isData: true },
  // undici's parser for processors without SIMD.
  { name: 'parser', entries: /undici\/lib\/llhttp\/llhttp-wasm\.js$/, isData: true },
  { name: 'documents', entries: /node_modules\/commonmark\// },
  {
    name: 'chat',
    entries:
      /^src\/(?:cli\/(?:main|program|read-arguments)|commands\/chat\/command|cli\/services\/open-(?:api|limits)|output\/text\/(?:model-name|sandbox-label)|storage\/journal\/journal)\.ts$/,
  },
  // What a chat in a pipe needs only after its first byte.
  {
    name: 'databases',
    entries:
      /^src\/storage\/(?:journal\/take-over|ledger\/open-ledger|ledger\/budgets\/copy|conversations\/open-conversations)\.ts$/,
  },
  // What prints lists and reports in a pipe. Before the screens, which share modules with it.
  {
    name: 'lists',
    entries:
      /^src\/(?:commands\/(?:models|price)\/(?:command|run)|output\/(?:table\/(?:fit|plain)|price\/table)|storage\/(?:catalogue-cache|kept-list))\.ts$/,
  },
  // The answer of a chat on a terminal, with Ink.
  { name: 'answer', entries: /^src\/(?:ui\/chat\/answer-app\.tsx|output\/chat\/receipt\.ts)$/ },
  { name: 'reports', entries: /^src\/(?:commands|output|core)\/(?:usage|ledger|history|history-browser)\// },
  {
    name: 'tables',
    entries:
      /^src\/(?:commands\/(?:models|price|catalogue|compare|compare-command)|output\/(?:models|price|table)|storage\/market)\//,
  },
  { name: 'screen', entries: /^src\/(?:ui|commands\/session)\// },
  { name: 'serve', entries: /^src\/(?:gateway|commands\/serve)\// },
  { name: 'languages', entries: /node_modules\/@codemirror\/legacy-modes\// },
  { name: 'rest', entries: /^/ },
];

/** Modules of the graph that plugins make have a namespace in front: each pack has its own copy. */
const IS_FILE = /^(?!\w[\w:/-]*:)/;

/**
 * Builds all packs into `dist`. Returns their names and files, and the names of all files.
 * @param {import('esbuild').BuildOptions & { plugins: import('esbuild').Plugin[] }} options Of the whole build.
 * @returns {Promise<{ packs: Record<string, { file: string, isData: boolean }>, files: string[] }>}
 */
export async function buildPacks(options) {
  const graph = await build({ ...options, format: 'esm', outdir: 'dist', write: false, metafile: true });
  const { inputs } = graph.metafile;
  const packOf = assign(inputs);
  const crossing = crossingModules(inputs, packOf);
  const exportsOf = await namesOf(
    [...crossing].filter((path) => inputs[path]?.format === 'esm'),
    options,
  );
  /** @type {Map<string, Map<string, number>>} */
  const idsOf = new Map(PACKS.map(({ name }) => [name, new Map()]));
  for (const path of [...crossing].toSorted()) {
    const ids = idsOf.get(/** @type {string} */ (packOf.get(path)));
    ids?.set(path, ids.size);
  }
  /** @type {Record<string, { file: string, isData: boolean }>} */
  const packs = {};
  /** @type {string[]} */
  const files = [];

  await Promise.all(
    PACKS.map(async ({ name, isData = false }) => {
      const ids = /** @type {Map<string, number>} */ (idsOf.get(name));
      const lines = [...ids].map(([path, id]) =>
        exportsOf.has(path)
          ? `${id}: () => (require(${JSON.stringify(`exported:${path}`)}), __exported[${id}]),`
          : `${id}: () => require(${JSON.stringify(`./${path}`)}),`,
      );
      if (name === 'chat') lines.push("main: () => require('./src/cli/main.ts'),");
      const { entryPoints: _, outdir: __, banner: ___, ...rest } = options;
      const { outputFiles } = await build({
        ...rest,
        stdin: { contents: `module.exports = {\n${lines.join('\n')}\n};`, resolveDir: '.', sourcefile: `${name}.cjs` },
        outfile: `dist/${name}.js`,
        format: 'cjs',
        splitting: false,
        write: false,
        supported: { 'dynamic-import': false },
        define: { ...options.define, 'import.meta.url': '__packs.url' },
        plugins: [exported(ids, exportsOf), otherPacks(name, { inputs, packOf, idsOf, exportsOf }), ...options.plugins],
      });
      for (const { path, text } of outputFiles ?? []) {
        const isLegal = path.endsWith('.LEGAL.txt');
        const pack = `(function(exports,require,module,__packs,__exported){${inAscii(text)}\n})`;
        const contents = isLegal ? text : isData ? pack : withFunctions(pack);
        const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
        const file = isLegal ? `${name}.js.LEGAL.txt` : `${name}-${hash}.js`;
        if (!isLegal) packs[name] = { file, isData };
        files.push(file);
        await writeFile(`dist/${file}`, contents);
      }
    }),
  );
  return { packs, files };
}

/**
 * Escapes what esbuild leaves as it is: characters in regular expressions. orx reads the packs as Latin-1, which would make several other
 * characters of each.
 * @param {string} text
 */
function inAscii(text) {
  return text.replaceAll(/[^\0-\x7f]/g, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/**
 * Returns the pack of each module.
 * @param {import('esbuild').Metafile['inputs']} inputs
 * @returns {Map<string, string>}
 */
function assign(inputs) {
  /** @type {Map<string, string>} */
  const packOf = new Map();
  for (const { name, entries } of PACKS) {
    const found = Object.keys(inputs).filter((path) => IS_FILE.test(path) && entries.test(path));
    for (const path of found) {
      if (packOf.has(path)) continue;
      packOf.set(path, name);
      for (const { kind, path: next, external } of inputs[path]?.imports ?? [])
        if (kind !== 'dynamic-import' && external !== true && IS_FILE.test(next)) found.push(next);
    }
  }
  return packOf;
}

/**
 * Returns the modules that other packs import.
 * @param {import('esbuild').Metafile['inputs']} inputs
 * @param {ReadonlyMap<string, string>} packOf
 * @returns {Set<string>}
 */
function crossingModules(inputs, packOf) {
  /** @type {Set<string>} */
  const crossing = new Set(['src/cli/main.ts']);
  for (const [path, { imports }] of Object.entries(inputs))
    for (const { path: next, external } of imports)
      if (external !== true && packOf.has(next) && packOf.get(next) !== packOf.get(path)) crossing.add(next);
  return crossing;
}

/**
 * Returns the names that each module exports.
 * @param {readonly string[]} paths
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<ReadonlyMap<string, readonly string[]>>}
 */
async function namesOf(paths, options) {
  const { outputs } = (
    await build({ ...options, entryPoints: [...paths], format: 'esm', outdir: 'dist', write: false, metafile: true })
  ).metafile;
  // Modules that are imported dynamically are also entry points.
  const names = Object.values(outputs)
    .map(({ entryPoint, exports }) => /** @type {[string, string[]]} */ ([entryPoint, exports]))
    .filter(([entryPoint]) => paths.includes(entryPoint));
  for (const path of paths)
    if (/^export let /m.test(readFileSync(path, 'utf8')))
      throw new Error(`${path}: other packs would not see this variable change`);
  return new Map(names);
}

/**
 * Makes `exported:` followed by a path a module that puts what that module exports into a plain object, for the other packs. esbuild's own way is
 * an object with a getter for each name, which it makes for every module when the pack is loaded, even if it never runs.
 * @param {ReadonlyMap<string, number>} ids
 * @param {ReadonlyMap<string, readonly string[]>} exportsOf
 * @returns {import('esbuild').Plugin}
 */
function exported(ids, exportsOf) {
  return {
    name: 'exported',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^exported:/ }, ({ path }) => ({ path: path.replace(/^exported:/, ''), namespace: 'exported' }));
      onLoad({ filter: /^/, namespace: 'exported' }, ({ path }) => {
        const names = exportsOf.get(path) ?? [];
        const imports = names.map((name, index) => `${name} as e${index}`).join(', ');
        const members = names.map((name, index) => `${name}: e${index}`).join(', ');
        return {
          contents: `import { ${imports} } from ${JSON.stringify(`./${path}`)};\n__exported[${ids.get(path)}] = { ${members} };`,
          resolveDir: '.',
        };
      });
    },
  };
}

/**
 * Makes the modules of other packs come from these packs, at run time.
 * @param {string} name The pack that is built.
 * @param {{
 *   inputs: import('esbuild').Metafile['inputs'],
 *   packOf: ReadonlyMap<string, string>,
 *   idsOf: ReadonlyMap<string, ReadonlyMap<string, number>>,
 *   exportsOf: ReadonlyMap<string, readonly string[]>,
 * }} all
 * @returns {import('esbuild').Plugin}
 */
function otherPacks(name, { inputs, packOf, idsOf, exportsOf }) {
  return {
    name: 'other-packs',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^/, namespace: 'file' }, ({ path, importer, kind }) => {
        const from = inputs[relative(resolve('.'), importer).replaceAll('\\', '/')];
        const found = from?.imports.find((edge) => edge.original === path && edge.kind === kind);
        if (found === undefined || found.external === true) return undefined;
        const pack = packOf.get(found.path);
        if (pack === undefined || pack === name) return undefined;
        // esbuild would make an object with getters for each module that is imported dynamically when the pack is loaded.
        const isLate = kind === 'dynamic-import' && exportsOf.get(found.path)?.includes('default') === false;
        return { path: found.path, namespace: isLate ? 'late-other-pack' : 'other-pack' };
      });
      /** @param {string} path */
      const moduleOf = (path) => {
        const pack = /** @type {string} */ (packOf.get(path));
        return `__packs.get(${JSON.stringify(pack)}, ${idsOf.get(pack)?.get(path)})`;
      };
      onLoad({ filter: /^/, namespace: 'late-other-pack' }, ({ path }) => ({ contents: `module.exports = ${moduleOf(path)};` }));
      onLoad({ filter: /^/, namespace: 'other-pack' }, ({ path }) => {
        const module = moduleOf(path);
        const names = exportsOf.get(path);
        if (names === undefined) return { contents: `module.exports = ${module};` };
        const lines = names.map((each) =>
          each === 'default' ? 'export default __other.default;' : `export const ${each} = __other.${each};`,
        );
        return { contents: `const __other = ${module};\n${lines.join('\n')}` };
      });
    },
  };
}
