import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { rmSync } from 'node:fs';

/**
 * A program made of a file in test/support and what it imports from src, to be started as a process of its own; gone when the test is over.
 * It lies in the project, because what the build leaves out is found from there.
 */
export async function bundleWorker(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../dist/test-${name}-${process.pid}.js`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    external: ['libsql'],
    banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  onTestFinished(() => rmSync(outfile, { force: true }));
  return outfile;
}
