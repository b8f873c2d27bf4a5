#!/usr/bin/env node
// Node's own exit code for a program that stops waiting before it has finished.
process.exitCode = 13;
void run(process.argv.slice(2));

async function run([first, ...rest]) {
  // Completion runs on a key press: it loads nothing that it does not need, and avoids the time of an import.
  if (first === '--complete') process.exitCode = await require('../dist/complete.cjs').runComplete(rest);
  else {
    // Handles SIGINT while the program loads. The listener stays, because otherwise a pending signal would be lost when the
    // program adds its own.
    process.on('SIGINT', () => process.listenerCount('SIGINT') === 1 && process.exit(130));
    process.exitCode = await (await import('../dist/main.js')).main();
  }
}
