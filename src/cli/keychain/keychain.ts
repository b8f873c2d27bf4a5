import { spawn, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Keychain } from '../../core/settings/keys/keychain.ts';
import { OrxError } from '../../errors.ts';

/** What keychain-process.ts reads. */
export interface KeychainRequest {
  action: 'read' | 'store' | 'remove';
  service: string;
  account: string;
  key?: string | undefined;
}

/** What keychain-process.ts writes. */
export interface KeychainReply {
  /** Null: there is no such entry. */
  key?: string | null;
  /** `unsupported`: the library is not installed for this machine. */
  fault?: 'unsupported' | 'failed';
  message?: string;
}

interface KeychainEnvironment {
  /** Without keys of other sources. */
  env: Readonly<Record<string, string | undefined>>;
  /** Collects the keys that are read, so that no error shows one. */
  secrets: string[];
  /** Default: the file next to the program. */
  program?: string | undefined;
  /** The user may have to type a password first. Default: a minute. */
  limitMs?: number | undefined;
}

/** The name under which keychains list the entries of orx. */
export const KEYCHAIN_SERVICE = 'orx';
const LIMIT_MS = 60_000;
const MOST_BYTES = 64 * 1024;
const TRY_AGAIN = 'unlock the keychain and run the command again';

/** How a process ended. */
interface Ended {
  stdout: string;
  signal: NodeJS.Signals | null;
  isLate: boolean;
}

/**
 * Returns the keychain. Each access is a process of its own: the library is compiled and blocks its thread until the user has unlocked the
 * keychain, and a process can be stopped then, by Ctrl-C or after `limitMs`. The key is in no argument and no variable of it.
 */
export function createKeychain({ env, secrets, program, limitMs = LIMIT_MS }: KeychainEnvironment): Keychain {
  const known = new Map<string, string>();
  const path = (): string => program ?? fileURLToPath(new URL('./keychain-process.js', import.meta.url));
  // The working folder may be anybody's.
  const options = { cwd: homedir(), env: env as NodeJS.ProcessEnv, windowsHide: true };

  const askNow = (request: KeychainRequest): Ended => {
    // Writing nothing removes the line of start/waiting-line.ts.
    process.stdout.write('');
    const { stdout, error, signal } = spawnSync(process.execPath, [path()], {
      ...options,
      input: JSON.stringify(request),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_BYTES,
    });
    return { stdout: stdout ?? '', signal, isLate: (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT' };
  };

  const ask = (request: KeychainRequest, interrupt: AbortSignal): Promise<Ended> =>
    new Promise((resolve, reject) => {
      interrupt.throwIfAborted();
      process.stdout.write('');
      const child = spawn(process.execPath, [path()], { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
      }, limitMs);
      const onAbort = (): void => void child.kill('SIGKILL');
      interrupt.addEventListener('abort', onAbort, { once: true });
      const pieces: Buffer[] = [];
      child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
      child.on('error', reject);
      child.on('close', (_, signal) => {
        clearTimeout(timer);
        interrupt.removeEventListener('abort', onAbort);
        if (interrupt.aborted) reject(interrupt.reason as Error);
        else resolve({ stdout: Buffer.concat(pieces).toString(), signal, isLate });
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(JSON.stringify(request));
    });

  const keep = (account: string, { key }: KeychainReply, hints: readonly string[]): string => {
    if (typeof key !== 'string' || key === '') throw missingEntry(account, hints);
    known.set(account, key);
    secrets.push(key);
    return key;
  };
  const requestFor = (action: KeychainRequest['action'], account: string, key?: string): KeychainRequest => ({
    action,
    service: KEYCHAIN_SERVICE,
    account,
    key,
  });
  return {
    readNow(account, hints) {
      const request = requestFor('read', account);
      return known.get(account) ?? keep(account, replyOf(request, askNow(request), limitMs, hints), hints);
    },
    async read(account, hints, signal) {
      const request = requestFor('read', account);
      return known.get(account) ?? keep(account, replyOf(request, await ask(request, signal), limitMs, hints), hints);
    },
    async check(signal) {
      const request = requestFor('read', 'check');
      replyOf(request, await ask(request, signal), limitMs, []);
    },
    async store(account, key, signal) {
      const request = requestFor('store', account, key);
      replyOf(request, await ask(request, signal), limitMs, []);
      known.set(account, key);
    },
    async remove(account, signal) {
      const request = requestFor('remove', account);
      replyOf(request, await ask(request, signal), limitMs, []);
      known.delete(account);
    },
  };
}

/** Returns the reply of a process that has done its work. Throws kind `authentication`, or `interrupted`. */
function replyOf(
  request: KeychainRequest,
  { stdout, signal, isLate }: Ended,
  limitMs: number,
  hints: readonly string[],
): KeychainReply {
  if (signal === 'SIGINT') throw new OrxError('interrupted', { kind: 'interrupted' });
  if (isLate)
    throw failure(request, `it did not answer within ${limitMs / 1000} seconds, and may be locked`, [TRY_AGAIN, ...hints]);
  const reply = parseReply(stdout);
  if (reply === undefined) throw failure(request, 'its library failed', hints);
  if (reply.fault === undefined) return reply;
  if (reply.fault === 'unsupported')
    throw failure(
      request,
      `the library for it is not installed (@napi-rs/keyring for ${process.platform}-${process.arch})`,
      hints,
    );
  throw failure(request, reasonOf(reply.message ?? '', request), hints);
}

/** Returns the message of the library without the words with which each of them begins. */
function reasonOf(message: string, { key = '' }: KeychainRequest): string {
  const text = message.replace(/^(?:Platform failure|Couldn't access platform storage): /, '').trim();
  return (key === '' ? text : text.replaceAll(key, '…')) || 'unknown reason';
}

const FAILED = { read: 'read the key from', store: 'store the key in', remove: 'remove the key from' } as const;

function failure({ action }: KeychainRequest, why: string, hints: readonly string[]): OrxError {
  return new OrxError(`cannot ${FAILED[action]} the system keychain`, {
    kind: 'authentication',
    code: 'keychain',
    why,
    hints,
  });
}

function missingEntry(account: string, hints: readonly string[]): OrxError {
  return new OrxError('the key is not in the system keychain', {
    kind: 'authentication',
    code: 'keychain-empty',
    why: `there is no entry ${KEYCHAIN_SERVICE}, ${account}`,
    hints,
  });
}

function parseReply(text: string): KeychainReply | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
