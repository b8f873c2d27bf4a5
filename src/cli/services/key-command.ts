import { exec } from 'node:child_process';
import { OrxError } from '../../errors.ts';

const PATIENCE_MS = 60_000;
const MOST_BYTES = 64 * 1024;

/**
 * Returns the first line that a shell command prints: the key of a vendor. Throws kind `authentication` with the command's error
 * output.
 */
export function runKeyCommand(label: string, command: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // A password manager may ask on the terminal, which it opens itself; standard input belongs to the prompt. Writing nothing
    // removes the line of start/waiting-line.ts.
    process.stdout.write('');
    const child = exec(command, { timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, signal }, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const key = stdout.split('\n')[0]!.trim();
      if (error === null && key !== '') return resolve(key);
      const complaint = stderr.trim().split('\n').at(-1) ?? '';
      const reason =
        error === null ? 'it printed nothing' : complaint === '' ? `exit ${error.code ?? error.signal ?? 1}` : complaint;
      reject(
        new OrxError(`the key command of ${label} failed: ${reason}`, {
          kind: 'authentication',
          code: 'key-command-failed',
          hints: [`run it yourself to see why: ${command}`, 'store another command: orx vendors add NAME --key-command COMMAND'],
        }),
      );
    });
    child.stdin?.end();
  });
}
