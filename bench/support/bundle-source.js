// A part of the program alone, as a module that can be imported: bundled from its source in the way that the build does it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles a source file into a folder and gives the path of the module.
 * @param {string} source From the project's root.
 * @param {string} folder
 * @returns {Promise<string>}
 */
export async function bundleSource(source, folder) {
  const outfile = join(folder, `${source.replaceAll(/\W+/g, '-')}.mjs`);
  await build({
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    logLevel: 'warning',
    plugins: [
      {
        name: 'compiled-library',
        setup({ onResolve }) {
          // The module lies elsewhere: the library is named by its place.
          onResolve({ filter: /^libsql$/ }, () => ({ path: pathToFileURL(require.resolve('libsql')).href, external: true }));
        },
      },
    ],
  });
  return outfile;
}
