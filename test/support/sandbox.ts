import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/cli/clock.ts';
import type { ChatRequest, CompletionEvent, StreamOptions } from '../../src/apis/completion.ts';
import type { Api } from '../../src/apis/api.ts';
import { createSandboxApi } from '../../src/sandbox/sandbox-api.ts';
import { cleanEnvironment, ORX } from './run-orx.ts';

/** So fast that nothing waits. */
export const NO_WAITING = 1_000_000;

export function fastSandbox(): Api {
  return createSandboxApi({ clock: systemClock, speed: NO_WAITING });
}

export function userRequest(model: string, content = 'Why is the sky blue?', more: Partial<ChatRequest> = {}): ChatRequest {
  return { model, messages: [{ role: 'user', content }], stream: true, ...more };
}

/** Everything a completion yields, and what it throws at the end. */
export async function play(
  api: Api,
  request: ChatRequest,
  options: StreamOptions = {},
): Promise<{ events: CompletionEvent[]; text: string; error: unknown }> {
  const events: CompletionEvent[] = [];
  let error: unknown;
  try {
    for await (const event of api.streamCompletion(request, options)) events.push(event);
  } catch (caught) {
    error = caught;
  }
  return { events, text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''), error };
}

/** The one event of a kind. */
export function eventOf<T extends CompletionEvent['type']>(
  events: readonly CompletionEvent[],
  type: T,
): Extract<CompletionEvent, { type: T }> {
  const matches = events.filter((event) => event.type === type);
  if (matches.length !== 1) throw new Error(`expected one ${type}, got ${matches.length}`);
  return matches[0] as Extract<CompletionEvent, { type: T }>;
}

export interface Served {
  url: string;
  stdout: () => string;
  stderr: () => string;
  /** Ends it by a signal, and gives its exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** The built `orx serve --sandbox` on a free port; `cleanUp` (such as onTestFinished) gets the work that ends it. */
export async function serveSandbox(
  cleanUp: (work: () => Promise<void>) => void,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), 'orx-serve-'));
  const child = spawn(process.execPath, [ORX, 'serve', '--sandbox', '--port', '0', ...args], {
    env: cleanEnvironment(home, { ORX_SANDBOX_SPEED: String(NO_WAITING), ...env }),
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  cleanUp(async () => {
    child.kill('SIGKILL');
    await exit;
    rmSync(home, { recursive: true, force: true });
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => stdout.includes('\n') && resolve(stdout.trim()));
    child.on('close', (code) => reject(new Error(`orx serve ended with ${code}: ${stderr}`)));
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    return exit;
  };
  return { url, stdout: () => stdout, stderr: () => stderr, stop };
}
