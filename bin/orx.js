#!/usr/bin/env node
// Node's own exit code for a program that stops waiting before it has finished.
process.exitCode = 13;
void run(process.argv.slice(2));

async function run([first, ...rest]) {
  if ((first === '--version' || first === '-V') && printed(version)) process.exitCode = 0;
  // Completion runs on a key press: it loads nothing that it does not need.
  else if (first === '--complete') process.exitCode = await require('../dist/complete.cjs').runComplete(rest);
  else {
    // Handles SIGINT while the program loads. The listener stays, because otherwise a pending signal would be lost when the
    // program adds its own.
    process.on('SIGINT', () => process.listenerCount('SIGINT') === 1 && process.exit(130));
    process.exitCode = await require('../dist/start.cjs').start(require, require('node:path').join(__dirname, '../dist'));
  }
}

/** Requiring the file would take longer. */
function version(fs) {
  return `${JSON.parse(fs.readFileSync(`${__dirname}/../package.json`, 'utf8')).version}\n`;
}

/** Creating the standard output stream would take longer. If this fails, the program prints the text, or reports the failure. */
function printed(textOf) {
  try {
    const fs = require('node:fs');
    const text = textOf(fs);
    return fs.writeSync(1, text) === text.length;
  } catch {
    return false;
  }
}
