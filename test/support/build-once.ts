import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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
  const code = mkdtempSync(join(tmpdir(), 'orx-code-'));
  process.env['ORX_CODE_CACHE'] = code;
  return () => rmSync(code, { recursive: true, force: true });
}
