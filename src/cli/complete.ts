import { readFileSync, writeSync } from 'node:fs';
import { readBashLine } from '../core/tab-completion/bash-line.ts';
import { complete, type ListCandidates } from '../core/tab-completion/complete.ts';
import type { Outline } from '../core/tab-completion/outline.ts';
import { visibleText } from '../output/text/visible.ts';
import { bashLines, shellLines } from '../core/tab-completion/shell-lines.ts';

// Flags and commands are known without either; one brings all settings along, the other SQLite.
const listCandidates: ListCandidates = async (kind, words, typed) =>
  kind === 'budget' || kind === 'conversation' || kind === 'recorded-conversation'
    ? (await import('./services/stored-rows.ts')).storedRows(kind, words, typed)
    : (await import('./services/known-candidates.ts')).knownCandidates(kind, words);

/**
 * What the shell's script asks for at a key press. `bash COMP_WORDBREAKS LINE [COMP_TYPE]` gives the line up to the cursor; another shell's name is
 * followed by the words, `orx` among them, and the one at the cursor behind a `=`, so that an empty one is not lost on the way. Never
 * asks the network, writes nothing, and says nothing of what goes wrong: whoever is typing has not asked for it. Resolves to the exit code.
 */
export async function runComplete([shell, ...args]: readonly string[]): Promise<number> {
  try {
    const [breaks = '', text = '', type] = args;
    const line = shell === 'bash' ? readBashLine(text, breaks) : undefined;
    const words = (line?.words ?? args.slice(0, -1)).slice(1);
    const current = line?.current ?? args.at(-1)!.slice(1);
    // Beside this file once it is built: build.js.
    const outline = JSON.parse(readFileSync(new URL('./commands.json', import.meta.url), 'utf8')) as Outline;
    const completion = await complete(outline, words, current, listCandidates);
    const lines = line === undefined ? shellLines(completion) : bashLines(completion, line, type);
    // A shell shows them on the terminal as they are.
    const isOut = writeOut(visibleText(lines));
    // By itself a process ends later, when the threads of SQLite have.
    if (isOut) process.exit(0);
    return 0;
  } catch {
    return 1;
  }
}

/** Whether all is out. The stream of standard output takes longer to make than the candidates; a pipe that is full and does not wait needs it. */
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
