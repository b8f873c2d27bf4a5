#!/usr/bin/env node
const [, , first, ...rest] = process.argv;
// A key press waits for completion: it loads nothing that others need.
process.exitCode =
  first === '--complete'
    ? await (await import('../dist/complete.js')).runComplete(rest)
    : await (await import('../dist/main.js')).main();
