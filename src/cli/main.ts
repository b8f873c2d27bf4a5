import type { Outline } from '../core/tab-completion/outline.ts';
import type { ReferencePages } from './help/reference-pages.ts';
import { VERSION } from '../version.ts';

/**
 * Runs orx with the process's arguments and streams. Resolves to the exit code; never rejects. Handles a lone `--version` before
 * anything else is loaded.
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

/** Returns the reference pages generated from the help, for docs/generate-cli.js and docs/generate-man.js. */
export async function referencePages(): Promise<ReferencePages> {
  const [{ createProgram }, { makeReferencePages }] = await Promise.all([
    import('./program.ts'),
    import('./help/reference-pages.ts'),
  ]);
  return makeReferencePages(await createProgram());
}

/** Returns everything that can be typed, which build.js stores next to the program. */
export async function outline(): Promise<Outline> {
  return (await import('./program.ts')).outlineProgram();
}
