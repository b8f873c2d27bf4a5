import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { performance } from 'node:perf_hooks';

// Runs all checks that do not execute orx in parallel: `npm run check:static`. Prints the output of each failed check below its
// name. The slowest checks start first.
const CHECKS = ['types', 'dead-code', 'graph', 'lint', 'words', 'format:check'];

const ROOT = new URL('..', import.meta.url).pathname;
/** @type {Record<string, string>} */
const scripts = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).scripts;
// The environment in which npm starts a script, without npm's own start-up time.
const env = { ...process.env, PATH: `${ROOT}node_modules/.bin${delimiter}${process.env['PATH']}` };

/** @param {string} name */
function run(name) {
  const start = performance.now();
  const child = spawn(scripts[name], { shell: true, cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const written = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (/** @type {Buffer} */ piece) => written.push(piece));
  return new Promise((/** @type {(isPassed: boolean) => void} */ resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`);
      if (code !== 0) process.stdout.write(Buffer.concat(written));
      resolve(code === 0);
    });
  });
}

const results = await Promise.all(CHECKS.map(run));
const failed = CHECKS.filter((_, index) => results[index] !== true);
if (failed.length > 0) {
  process.stderr.write(`failed: ${failed.map((name) => `npm run ${name}`).join(', ')}\n`);
  process.exitCode = 1;
}
