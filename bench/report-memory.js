// Loaded before a measured program (node --import): writes, when it ends, to the file that BENCH_MEMORY_FILE names the most memory that the
// process has used, and what its objects take after a collection, both in KB.
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = process.env['BENCH_MEMORY_FILE'];
if (file === undefined) throw new Error('BENCH_MEMORY_FILE names no file');
setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collect = runInNewContext('gc');
process.on('exit', () => {
  const peak = process.resourceUsage().maxRSS;
  collect();
  writeFileSync(file, JSON.stringify({ peak, left: process.memoryUsage().heapUsed / 1024 }));
});
