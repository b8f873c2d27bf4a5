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
