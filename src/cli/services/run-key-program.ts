import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { commandWords } from '../../core/settings/command-words.ts';
import type { RunKeyCommand } from '../../core/settings/keys/key-layer.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import { OrxError } from '../../errors.ts';

const LIMIT_MS = 10_000;
const MOST_BYTES = 64 * 1024;
const LONGEST_COMPLAINT = 200;
const HINTS = ['see the command: orx config get key-command', 'use a key without it: export OPENROUTER_API_KEY=KEY'];

/**
 * Returns a function that runs the program of `key-command` without a shell and returns the first line of its output. The process waits for it:
 * nothing can be sent without the key, and settings are values. Each command runs once; the output is added to `secrets`.
 */
export function createKeyRunner(env: NodeJS.ProcessEnv, secrets: string[], limitMs = LIMIT_MS): RunKeyCommand {
  const known = new Map<string, string>();
  return (command) => {
    const before = known.get(command);
    if (before !== undefined) return before;
    const key = runProgram(command, env, limitMs);
    known.set(command, key);
    secrets.push(key);
    return key;
  };
}

function runProgram(command: string, env: NodeJS.ProcessEnv, limitMs: number): string {
  const [program, ...args] = commandWords(command);
  // Writing nothing removes the line of start/waiting-line.ts. A password manager may ask on the terminal, which it opens itself; standard input
  // belongs to the prompt.
  process.stdout.write('');
  const { stdout, stderr, error, status, signal } = spawnSync(program, args, {
    // A program of the working folder, which may be anybody's, must not be found before the real one, as Windows would.
    cwd: homedir(),
    env: withoutOwnKeys(env),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_BYTES,
    windowsHide: true,
  });
  if (signal === 'SIGINT') throw new OrxError('interrupted', { kind: 'interrupted' });
  const key = stdout?.split('\n')[0]?.trim() ?? '';
  const reason = reasonOf(error, { status, signal, complaint: stderr ?? '', isEmpty: key === '', limitMs });
  if (reason === undefined) return key;
  throw new OrxError(`the key command ${program} failed`, {
    kind: 'authentication',
    code: 'key-command-failed',
    // A program may repeat its output among its complaints.
    why: key === '' ? reason : reason.replaceAll(key, '…'),
    hints: HINTS,
  });
}

interface Outcome {
  status: number | null;
  signal: NodeJS.Signals | null;
  complaint: string;
  isEmpty: boolean;
  limitMs: number;
}

/** Returns why the program has not printed a key; undefined if it has. */
function reasonOf(error: Error | undefined, { status, signal, complaint, isEmpty, limitMs }: Outcome): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') return 'there is no such program (orx runs it without a shell)';
  if (code === 'ETIMEDOUT') return `it did not end within ${limitMs / 1000} seconds`;
  if (code === 'ENOBUFS') return 'it printed more than 64 KB';
  if (error !== undefined) return code ?? error.message;
  const last = complaint.trim().split('\n').at(-1)!.slice(0, LONGEST_COMPLAINT);
  if (status !== 0) return last === '' ? `exit ${status ?? signal ?? ''}` : last;
  return isEmpty ? 'it printed nothing' : undefined;
}

/** Returns the environment without API keys of orx, for other programs. */
export function withoutOwnKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own: readonly string[] = SETTINGS['api-key'].env ?? [];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.includes(name)));
}
