import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../errors.ts';
import { withoutApiKeys } from './open-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Lets the user write in $VISUAL or $EDITOR (vi where neither is set), in a file that only they can read and that is gone afterwards. The
 * editor has the terminal meanwhile. Throws kind `usage` when it cannot be started or fails.
 */
export async function editText(text: string, env: Environment): Promise<string> {
  const editor = [env['VISUAL'], env['EDITOR']].find((name) => name !== undefined && name.trim() !== '') ?? 'vi';
  const folder = await mkdtemp(join(tmpdir(), 'orx-'));
  try {
    const path = join(folder, 'message.md');
    await writeFile(path, text, { mode: 0o600 });
    const code = await run(editor, path, env);
    if (code !== 0) throw usageError(`the editor (${editor}) ended with ${code}`, 'set VISUAL or EDITOR to one that works');
    const written = await readFile(path, 'utf8');
    // Editors end a file with a line end of their own.
    return text.endsWith('\n') ? written : written.replace(/\r?\n$/, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(editor: string, path: string, env: Environment): Promise<number | string> {
  return new Promise((resolve) => {
    // VISUAL and EDITOR may hold flags, and are commands of a shell by custom.
    const [command, words] =
      process.platform === 'win32'
        ? ['cmd.exe', ['/d', '/s', '/c', `${editor} "${path}"`]]
        : ['/bin/sh', ['-c', `${editor} "$1"`, 'sh', path]];
    const child = spawn(command, words, { stdio: 'inherit', env: withoutApiKeys(env), windowsVerbatimArguments: true });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? String(signal)));
  });
}
