import type { Outline } from '../core/tab-completion/outline.ts';
import type { ReferencePages } from './help/reference-pages.ts';

/** Runs orx with the process's arguments and streams. Resolves to the exit code; never rejects. */
export async function main(): Promise<number> {
  const { runProgram } = await import('./program.ts');
  return runProgram(process.argv.slice(2));
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

/** Returns the pages of `--help`, which build.js stores next to the program. */
export async function helpPages(): Promise<string> {
  const [{ createProgram }, { storedPages }] = await Promise.all([import('./program.ts'), import('./help/stored-pages.ts')]);
  return storedPages(await createProgram());
}
