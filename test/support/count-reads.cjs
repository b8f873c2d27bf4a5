'use strict';
// Loaded before the program (`--require`). Counts the bytes that the process reads from files whose path ends with COUNT_READS_OF,
// and writes the sum to COUNT_READS_TO when the process ends. The reads themselves are those of Node.
const fs = require('node:fs');

const { COUNT_READS_OF: ending = '/', COUNT_READS_TO: target = '' } = process.env;
/** @type {Set<unknown>} */
const counted = new Set();
let bytes = 0;

/** @type {Record<string, (...args: unknown[]) => unknown>} */
const functions = /** @type {any} */ (fs);

/**
 * Calls `see` with the result and the arguments of each call of a function.
 * @param {string} name
 * @param {(result: unknown, first: unknown) => void} see
 */
function watch(name, see) {
  const real = functions[name];
  functions[name] = (...args) => {
    const result = real?.(...args);
    see(result, args[0]);
    return result;
  };
}

watch('openSync', (descriptor, path) => void (String(path).endsWith(ending) && counted.add(descriptor)));
watch('closeSync', (_, descriptor) => void counted.delete(descriptor));
watch('readSync', (count, descriptor) => {
  if (counted.has(descriptor)) bytes += Number(count);
});
process.on('exit', () => fs.writeFileSync(target, String(bytes)));
