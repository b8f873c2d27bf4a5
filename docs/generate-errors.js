// Writes docs/errors.md from the messages in the source. Run it with `npm run docs`.
import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [new URL('../test/support/error-messages/page.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  platform: 'node',
  external: ['typescript'],
  write: false,
});
// Beside the libraries, because the parser of the source is one and is not bundled.
const bundle = new URL('../dist/errors-page.mjs', import.meta.url);
writeFileSync(bundle, outputFiles[0].contents);
const { collectErrors, errorsPage } = await import(bundle.href);
rmSync(bundle);
writeFileSync(new URL('errors.md', import.meta.url), errorsPage(collectErrors(new URL('../src', import.meta.url).pathname)));
