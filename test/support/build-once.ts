import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds the program once before all tests, because tests run the built program. All of its runs share the compiled code: each has a
 * home of its own, and to compile the program takes longer than most runs.
 */
export default function setup(): () => void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['build.js'], { cwd: root, stdio: 'inherit' });
  const folder = makeFolder();
  // A test reads a folder in it as another user.
  chmodSync(folder, 0o711);
  // Tests draw with Ink in their own process, and Ink draws no frames there.
  for (const name of ['CI', 'CONTINUOUS_INTEGRATION']) delete process.env[name];
  process.env['TMPDIR'] = folder;
  process.env['ORX_CODE_CACHE'] = join(folder, 'code');
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A file system in memory, and the space that it must have. Only Linux has it. */
const [MEMORY, LEAST_BYTES] = ['/dev/shm', 2_000_000_000];

/**
 * Makes the folder for temporary files, in memory if there is room: the tests commit tens of thousands of transactions, and would spend a
 * third of their time waiting for the disk.
 */
function makeFolder(): string {
  const isChosen = process.env['TMPDIR'] !== undefined;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (!isChosen && bavail * bsize > LEAST_BYTES) return mkdtempSync(join(MEMORY, 'orx-tests-'));
  } catch {
    // There is no such file system, or it cannot be written.
  }
  return mkdtempSync(join(tmpdir(), 'orx-tests-'));
}
