// Preloaded into a measured program (node --require) where strace is missing: at exit it writes when Node itself synced a file,
// in milliseconds since 1970, to the file that BENCH_FSYNC_FILE names. SQLite's own calls do not pass here.
'use strict';
const fs = require('node:fs');

const file = process.env['BENCH_FSYNC_FILE'];
if (file === undefined) throw new Error('BENCH_FSYNC_FILE names no file');
/** @type {number[]} */
const times = [];
for (const name of /** @type {const} */ (['fsync', 'fsyncSync', 'fdatasync', 'fdatasyncSync'])) {
  const original = /** @type {(...given: unknown[]) => unknown} */ (fs[name]);
  Object.assign(fs, {
    [name]: (/** @type {unknown[]} */ ...given) => {
      times.push(performance.timeOrigin + performance.now());
      return original(...given);
    },
  });
}
process.on('exit', () => fs.writeFileSync(file, JSON.stringify(times)));
