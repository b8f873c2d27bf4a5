import { isToolNamed } from './allow-patterns.ts';
import type { CheckedCall } from './check-calls.ts';

/** What becomes of a call: it runs, the model is told why not, or the turn ends. */
export type Decision = { type: 'run' } | { type: 'refuse'; reason: string } | { type: 'stop' };

/** What a person says to a call. A refusal may carry a word to the model. */
export type Reply = { type: 'once' } | { type: 'always' } | { type: 'refuse'; word: string } | { type: 'stop' };

export interface ApprovalOptions {
  /** Labels and patterns that run unasked. */
  allowed: readonly string[];
  /** Asks the person; undefined where nobody can be asked. */
  ask: ((call: CheckedCall) => Promise<Reply>) | undefined;
}

/** Decides on calls, one after the other, and remembers for this run what was allowed for all of it. */
export function createApprovals({ allowed, ask }: ApprovalOptions): (call: CheckedCall) => Promise<Decision> {
  const always = new Set<string>();
  return async (call) => {
    if (isToolNamed(call.label, allowed) || always.has(call.label)) return { type: 'run' };
    if (ask === undefined) {
      return { type: 'refuse', reason: 'it is not allowed, and nobody can be asked' };
    }
    const reply = await ask(call);
    switch (reply.type) {
      case 'always':
        always.add(call.label);
        return { type: 'run' };
      case 'once':
        return { type: 'run' };
      case 'refuse':
        return { type: 'refuse', reason: reply.word === '' ? 'the user refused it' : `the user refused it: ${reply.word}` };
      case 'stop':
        return { type: 'stop' };
    }
  };
}
