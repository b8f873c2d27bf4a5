// Preloaded into a measured program (node --import): at exit it writes the peak memory of the process, and the size of its heap
// after a collection, both in KB, to the file that BENCH_MEMORY_FILE names.
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
