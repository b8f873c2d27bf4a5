import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

// All checks that run nothing of orx, at the same time: `npm run check:static`. What a failed check wrote stands below its name.
// The ones that take longest come first.
const CHECKS = ['types', 'dead-code', 'graph', 'lint', 'format:check'];

/** @param {string} name */
function run(name) {
  const start = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
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
