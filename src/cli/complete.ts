import { readFileSync, writeSync } from 'node:fs';
import { readBashLine } from '../core/tab-completion/bash-line.ts';
import { complete, type ListCandidates } from '../core/tab-completion/complete.ts';
import type { Outline } from '../core/tab-completion/outline.ts';
import { visibleText } from '../output/text/visible.ts';
import { bashLines, shellLines } from '../core/tab-completion/shell-lines.ts';

// Flags and commands need neither import; one loads all settings, the other SQLite.
const listCandidates: ListCandidates = async (kind, words, typed) =>
  kind === 'budget' || kind === 'conversation' || kind === 'recorded-conversation'
    ? (await import('./services/stored-rows.ts')).storedRows(kind, words, typed)
    : (await import('./services/known-candidates.ts')).knownCandidates(kind, words);

/**
 * Prints completion candidates for a shell script. For Bash, the arguments are `bash COMP_WORDBREAKS LINE [COMP_TYPE]`, with the
 * line up to the cursor. For another shell, its name is followed by the words, including `orx`, and `=` with the word at the
 * cursor, so that an empty word is not lost. Never accesses the network, writes no files, and reports no errors, because the user
 * is only typing. Resolves to the exit code.
 */
export async function runComplete([shell, ...args]: readonly string[]): Promise<number> {
  try {
    const [breaks = '', text = '', type] = args;
    const line = shell === 'bash' ? readBashLine(text, breaks) : undefined;
    const words = (line?.words ?? args.slice(0, -1)).slice(1);
    const current = line?.current ?? args.at(-1)!.slice(1);
    // In the build, the file is next to this one: build.js.
    const outline = JSON.parse(readFileSync(new URL('./commands.json', import.meta.url), 'utf8')) as Outline;
    const completion = await complete(outline, words, current, listCandidates);
    const lines = line === undefined ? shellLines(completion) : bashLines(completion, line, type);
    // A shell prints candidates to the terminal unchanged.
    const isOut = writeOut(visibleText(lines));
    // Otherwise the process would wait for the threads of SQLite.
    if (isOut) process.exit(0);
    return 0;
  } catch {
    return 1;
  }
}

/**
 * Returns whether everything was written. Creating the standard output stream takes longer than computing the candidates, so it
 * is used only for a full non-blocking pipe.
 */
function writeOut(text: string): boolean {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') process.stdout.write(bytes.subarray(written));
    return false;
  }
}
