// Finds the Node with which a run is made.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Returns the path of a Node binary that `--node` names: a path, or a version such as 24, which is taken from npm's package
 * `node` as in `npm run test:newer-node`. npx downloads it if it is not there yet. Throws if it does not run.
 * @param {string} name
 * @returns {string}
 */
export function nodeBinary(name) {
  const isVersion = /^\d+(?:\.\d+)*$/.test(name);
  if (isVersion && `${process.versions.node}.`.startsWith(`${name}.`)) return process.execPath;
  const [command, args] = isVersion ? ['npx', ['-y', `node@${name}`]] : [resolve(name), []];
  // On Windows npx is a script.
  const options = { encoding: /** @type {const} */ ('utf8'), shell: isVersion && process.platform === 'win32' };
  const { status, stdout, stderr, error } = spawnSync(command, [...args, '-p', 'process.execPath'], options);
  if (status === 0) return stdout.trim();
  throw new Error(`--node ${name}: ${error?.message ?? stderr.trim()}`);
}
