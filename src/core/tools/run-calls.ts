import type { ToolResult } from '../../tools/tool.ts';
import type { Decision } from './approvals.ts';
import type { CheckedCall } from './check-calls.ts';

/** Limits: duration of a call, size of its result, and number of calls that run at once. */
export interface CallLimits {
  timeoutMs: number;
  maxBytes: number;
  parallel: number;
}

const LONGEST_MESSAGE = 2000;

/** How a call ended. `refused` and `faulty` calls never ran; `stopped` calls have no result. */
export type CallState = 'done' | 'failed' | 'refused' | 'faulty' | 'stopped';

export interface FinishedCall extends CheckedCall {
  state: CallState;
  /** The result that the model gets. Untrusted. */
  text: string;
  durationMs?: number | undefined;
}

/** The start and the end of calls, in order. */
export type CallEvent = { type: 'start'; call: CheckedCall } | { type: 'end'; call: FinishedCall };

export interface CallRun {
  decide: (call: CheckedCall) => Promise<Decision>;
  limits: CallLimits;
  onEvent: (event: CallEvent) => void;
  monotonic: () => number;
  signal: AbortSignal;
  /** Set if the user can stop calls without the turn: runs them with a separate signal. */
  whileRunning?: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/**
 * Decides on the calls one after the other, then runs the allowed ones, some of them at once. The result contains every call in its original
 * place; `isStopped` means that the user ended the turn here. Never rejects because of a failed tool or a stop.
 */
export async function runCalls(
  calls: readonly CheckedCall[],
  run: CallRun,
): Promise<{ finished: readonly FinishedCall[]; isStopped: boolean }> {
  const finished: FinishedCall[] = calls.map((call) => ({ ...call, state: 'stopped', text: 'not run: the user stopped' }));
  const end = (index: number, state: CallState, text: string, durationMs?: number): void => {
    finished[index] = { ...calls[index]!, state, text, durationMs };
    run.onEvent({ type: 'end', call: finished[index] });
  };
  const waiting: number[] = [];
  for (const [index, call] of calls.entries()) {
    if (run.signal.aborted) return { finished, isStopped: true };
    if (call.fault !== undefined) {
      end(index, 'faulty', `not run: ${call.fault}`);
      continue;
    }
    const decision = await run.decide(call);
    if (decision.type === 'stop') return { finished, isStopped: true };
    if (decision.type === 'refuse') end(index, 'refused', `not run: ${decision.reason}`);
    else waiting.push(index);
  }
  const worker = async (signal: AbortSignal): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined && !signal.aborted; index = waiting.shift()) {
      const call = calls[index]!;
      run.onEvent({ type: 'start', call });
      const startedAt = run.monotonic();
      const { state, text } = await makeCall(call, run.limits, signal);
      end(index, state, text, run.monotonic() - startedAt);
    }
  };
  const workers = (signal: AbortSignal): Promise<unknown> =>
    Promise.all(Array.from({ length: Math.max(1, run.limits.parallel) }, () => worker(signal)));
  if (waiting.length > 0) await (run.whileRunning === undefined ? workers(run.signal) : run.whileRunning(workers));
  return { finished, isStopped: run.signal.aborted };
}

async function makeCall(
  { tool, values }: CheckedCall,
  { timeoutMs, maxBytes }: CallLimits,
  signal: AbortSignal,
): Promise<{ state: CallState; text: string }> {
  try {
    const result: ToolResult = await tool!.call(values, { signal, timeoutMs, maxBytes });
    if (signal.aborted) return { state: 'stopped', text: 'stopped by the user' };
    return { state: result.isError ? 'failed' : 'done', text: result.text };
  } catch (error) {
    if (signal.aborted) return { state: 'stopped', text: 'stopped by the user' };
    const message = error instanceof Error ? error.message : String(error);
    return { state: 'failed', text: `failed: ${message.slice(0, LONGEST_MESSAGE)}` };
  }
}
