// Bundles a part of the program as a module that can be imported, from its source, as in the build.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles a source file into a folder. Returns the path of the module.
 * @param {string} source Path from the project's root.
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
          // The module is in another folder, so the library is imported by its path.
          onResolve({ filter: /^libsql$/ }, () => ({ path: pathToFileURL(require.resolve('libsql')).href, external: true }));
        },
      },
    ],
  });
  return outfile;
}
