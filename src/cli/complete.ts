import { readFileSync, writeSync } from 'node:fs';
import { readBashLine } from '../core/completion/bash-line.ts';
import { complete } from '../core/completion/complete.ts';
import type { Outline } from '../core/completion/outline.ts';
import { bashLines, shellLines } from '../core/completion/shell-lines.ts';
import { knownCandidates } from './known-candidates.ts';

/**
 * What the shell's script asks for at a key press. `bash COMP_WORDBREAKS LINE` gives the line up to the cursor; another shell's name is
 * followed by the words, `orx` among them, and the one at the cursor behind a `=`, so that an empty one is not lost on the way. Never
 * asks the network, writes nothing, and says nothing of what goes wrong: whoever is typing has not asked for it. Resolves to the exit code.
 */
export async function runComplete([shell, ...args]: readonly string[]): Promise<number> {
  try {
    const [breaks = '', text = ''] = args;
    const line = shell === 'bash' ? readBashLine(text, breaks) : undefined;
    const words = (line?.words ?? args.slice(0, -1)).slice(1);
    const current = line?.current ?? args.at(-1)!.slice(1);
    // Beside this file once it is built: build.js.
    const outline = JSON.parse(readFileSync(new URL('./commands.json', import.meta.url), 'utf8')) as Outline;
    const completion = await complete(outline, words, current, knownCandidates);
    writeOut(line === undefined ? shellLines(completion) : bashLines(completion, line));
    return 0;
  } catch {
    return 1;
  }
}

/** The stream of standard output takes longer to make than the candidates. A pipe that is full and does not wait needs it. */
function writeOut(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') process.stdout.write(bytes.subarray(written));
  }
}
