#!/usr/bin/env node
// What Node itself ends with when nothing is left to wait for and the program has not come to its end.
process.exitCode = 13;
void run(process.argv.slice(2));

async function run([first, ...rest]) {
  // A key press waits for completion: it loads nothing that others need, and nothing of what an import takes.
  if (first === '--complete') process.exitCode = await require('../dist/complete.cjs').runComplete(rest);
  else {
    // While the program is being read. It stays, or a signal that waits would be lost when the program listens itself.
    process.on('SIGINT', () => process.listenerCount('SIGINT') === 1 && process.exit(130));
    process.exitCode = await (await import('../dist/main.js')).main();
  }
}
