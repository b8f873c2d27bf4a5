// Preloaded into a measured program (node --require): at exit it writes the CPU time of the process in milliseconds, over all
// threads, and its peak memory in KB, to the file that BENCH_USAGE_FILE names. Node does not report either of a child to its
// parent. A CommonJS file, because --import would load the loader of ES modules, which takes longer than a short program.
'use strict';
const { writeFileSync } = require('node:fs');

const file = process.env['BENCH_USAGE_FILE'];
if (file === undefined) throw new Error('BENCH_USAGE_FILE names no file');
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ processorMs: (userCPUTime + systemCPUTime) / 1000, peakKb: maxRSS }));
});
