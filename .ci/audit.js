// Fails for known high or critical vulnerabilities in what orx ships. A registry without an audit service does not fail the
// check.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', shell: process.platform === 'win32' });
const report = parse(stdout);
const found = report?.metadata?.vulnerabilities;
if (found === undefined) {
  console.log('audit: the registry does not answer, nothing checked');
} else {
  console.log(`audit: ${found.high} high, ${found.critical} critical`);
  if (found.high + found.critical > 0) process.exitCode = 1;
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
