import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles a program of test/support into a folder, so that it can run as a process of its own. Returns its path. */
export async function bundleWorker(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    // CommonJS libraries inside an ES module still say require('node:…').
    banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
    logLevel: 'warning',
    plugins: [
      {
        name: 'compiled-library',
        setup({ onResolve }) {
          const path = pathToFileURL(createRequire(import.meta.url).resolve('libsql')).href;
          onResolve({ filter: /^libsql$/ }, () => ({ path, external: true }));
        },
      },
    ],
  });
  return outfile;
}
