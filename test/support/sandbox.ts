import { systemClock } from '../../src/cli/clock.ts';
import type { ChatRequest, CompletionEvent, StreamOptions } from '../../src/apis/completion.ts';
import type { Api } from '../../src/apis/api.ts';
import { createSandboxApi } from '../../src/sandbox/sandbox-api.ts';
import { type RunningServe, runServe, type ServeOptions } from './run-serve.ts';

/** So fast that no test waits. */
export const NO_WAITING = 1_000_000;

export function fastSandbox(): Api {
  return createSandboxApi({ clock: systemClock, speed: NO_WAITING });
}

/** Sends each piece of an answer by itself, without waiting: its clock moves only while it sleeps. */
export function steadySandbox(): Api {
  let time = 0;
  const sleep = async (ms: number): Promise<void> => void (time += ms);
  return createSandboxApi({ clock: { ...systemClock, monotonic: () => time, sleep } });
}

export function userRequest(model: string, content = 'Why is the sky blue?', more: Partial<ChatRequest> = {}): ChatRequest {
  return { model, messages: [{ role: 'user', content }], stream: true, ...more };
}

/** Collects all events of a completion, and the error it throws at the end. */
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

/** Returns the only event of a kind. */
export function eventOf<T extends CompletionEvent['type']>(
  events: readonly CompletionEvent[],
  type: T,
): Extract<CompletionEvent, { type: T }> {
  const matches = events.filter((event) => event.type === type);
  if (matches.length !== 1) throw new Error(`expected one ${type}, got ${matches.length}`);
  return matches[0] as Extract<CompletionEvent, { type: T }>;
}

/** Starts the built `orx serve --sandbox` on a free port, so fast that no test waits. */
export function serveSandbox(args: readonly string[] = [], { env = {}, ...options }: ServeOptions = {}): Promise<RunningServe> {
  return runServe(['--sandbox', ...args], { ...options, env: { ORX_SANDBOX_SPEED: String(NO_WAITING), ...env } });
}
