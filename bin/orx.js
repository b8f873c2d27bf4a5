#!/usr/bin/env node
const [, , first, ...rest] = process.argv;
// A key press waits for completion: it loads nothing that others need.
process.exitCode =
  first === '--complete'
    ? await process
        .getBuiltinModule('node:module')
        .createRequire(import.meta.url)('../dist/complete.cjs')
        .runComplete(rest)
    : await (await import('../dist/main.js')).main();
