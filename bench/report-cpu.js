// Preloaded into a measured program (node --import): at exit it writes the CPU time of the process, in microseconds over all
// threads, to the file that BENCH_CPU_FILE names. Node does not report a child's CPU time to its parent.
import { writeFileSync } from 'node:fs';

const file = process.env['BENCH_CPU_FILE'];
if (file === undefined) throw new Error('BENCH_CPU_FILE names no file');
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(file, String(user + system));
});
