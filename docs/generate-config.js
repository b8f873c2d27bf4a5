// Writes docs/gateway-config.md from the table of keys of the gateway's configuration. Run it with `npm run docs`.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [new URL('../src/core/gateway-config/reference.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { configReference } = await import(`data:text/javascript;base64,${code}`);
writeFileSync(new URL('gateway-config.md', import.meta.url), configReference());
