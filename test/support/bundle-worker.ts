import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export interface BundleOptions {
  /** Modules of src/ (such as `apis/openrouter/openrouter-api.ts`), each with the module of test/support that replaces it. */
  replaced?: Readonly<Record<string, string>>;
}

/** Bundles a program of test/support into a folder so that it can run as a separate process. Returns the path of the bundle. */
export async function bundleWorker(name: string, folder: string, { replaced = {} }: BundleOptions = {}): Promise<string> {
  const used = new Set<string>();
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    // CommonJS libraries inside an ES module still call require('node:…').
    banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
    logLevel: 'warning',
    jsx: 'automatic',
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    plugins: [
      {
        name: 'replaced-modules',
        setup({ onLoad }) {
          // Ink imports this file only in development; a single bundle would import it at startup.
          onLoad({ filter: /\/ink\/build\/devtools\.js$/ }, () => ({ contents: '', loader: 'js' }));
          onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
            const match = Object.entries(replaced).find(([module]) => path.endsWith(`/src/${module}`));
            if (match === undefined) return undefined;
            used.add(match[0]);
            const target = JSON.stringify(fileURLToPath(new URL(match[1], import.meta.url)));
            return { contents: `export * from ${target};`, loader: 'ts' };
          });
        },
      },
      {
        name: 'compiled-library',
        setup({ onResolve }) {
          const path = pathToFileURL(createRequire(import.meta.url).resolve('libsql')).href;
          onResolve({ filter: /^libsql$/ }, () => ({ path, external: true }));
        },
      },
    ],
  });
  const unused = Object.keys(replaced).filter((module) => !used.has(module));
  if (unused.length > 0) throw new Error(`the program does not use ${unused.join(', ')}`);
  return outfile;
}
