import { isUtf8 } from 'node:buffer';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrxError, usageError } from '../../errors.ts';
import { utf8Text } from '../../text/utf8.ts';
import { withoutApiKeys } from '../services/open-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * See PromptServices.editText. The file is in a temporary folder that only this user can access. The folder is deleted
 * afterwards, unless the file cannot be read as text, so that the user's text is not lost.
 */
export async function editText(text: string, env: Environment): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orx-'));
  let isStored = false;
  try {
    await chmod(folder, 0o700);
    const path = join(folder, 'prompt.md');
    await writeFile(path, text, { mode: 0o600 });
    await editFile(path, env);
    const bytes = await readFile(path);
    isStored = !isUtf8(bytes) || bytes.includes(0);
    return utf8Text({ name: `the text from the editor (${path})`, path }, bytes);
  } finally {
    if (!isStored) await rm(folder, { recursive: true, force: true });
  }
}

/** See PromptServices.editFile. VISUAL and EDITOR may contain arguments after the command; no shell interprets them. */
export async function editFile(path: string, env: Environment): Promise<void> {
  const [command, ...words] = editorCommand(env);
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(command!, [...words, path], { stdio: 'inherit', env: withoutApiKeys(env) });
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit ${code}`)));
  });
  if (failure === 'ENOENT') throw usageError(`cannot find the editor ${command}`, 'choose an editor: export EDITOR=nano');
  if (failure !== undefined) {
    throw new OrxError(`the editor ${command} failed (${failure}); nothing was sent`, { kind: 'usage' });
  }
}

function editorCommand(env: Environment): readonly string[] {
  const chosen = [env['VISUAL'], env['EDITOR']].find((value) => value !== undefined && value.trim() !== '');
  return chosen === undefined ? [process.platform === 'win32' ? 'notepad' : 'vi'] : chosen.trim().split(/\s+/);
}
