import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests look at the built program: build it once before all of them. */
export default function setup(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['build.js'], { cwd: root, stdio: 'inherit' });
}
