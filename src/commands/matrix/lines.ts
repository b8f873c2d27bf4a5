import { open } from 'node:fs/promises';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { reportError } from '../write-report.ts';
import type { MatrixOptions } from './options.ts';

/** Output that is written while the run continues, one line after the other. */
export interface ResultLines {
  write: (line: string) => Promise<void>;
  end: () => Promise<void>;
}

/** Opens the output of `-o jsonl`: standard output, or the file. Undefined for other formats. */
export async function openLines({ format, place }: MatrixOptions, context: Context): Promise<ResultLines | undefined> {
  if (format !== 'jsonl') return undefined;
  const { out, force } = place;
  const { stdout } = context.terminal.streams;
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => (last = last.then(work));
  if (out === undefined) return { write: (line) => inTurn(() => write(stdout, line)), end: () => last };
  const failed = (error: unknown): never => {
    throw reportError(error as NodeJS.ErrnoException, out);
  };
  const file = await open(out, force ? 'w' : 'wx', 0o600).catch(failed);
  return {
    write: (line) => inTurn(() => file.appendFile(line).catch(failed)),
    end: () => inTurn(() => file.close()),
  };
}
