// Loaded before a measured program (node --import): writes the processor time the process has used, in microseconds and over all
// its threads, to the file that BENCH_CPU_FILE names when it ends. Node tells a parent nothing of its children's time.
import { writeFileSync } from 'node:fs';

const file = process.env['BENCH_CPU_FILE'];
if (file === undefined) throw new Error('BENCH_CPU_FILE names no file');
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(file, String(user + system));
});
