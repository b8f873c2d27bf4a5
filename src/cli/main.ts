import type { Outline } from '../core/tab-completion/outline.ts';
import { VERSION } from '../version.ts';

/**
 * Runs orx with the process's own arguments and streams. Resolves to the exit code; never rejects.
 * `--version` alone is answered before anything else is loaded.
 */
export async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { runProgram } = await import('./program.ts');
  return runProgram(args);
}

/** Everything that can be typed, for build.js to keep beside the program. */
export async function outline(): Promise<Outline> {
  return (await import('./program.ts')).outlineProgram();
}
