import { isToolNamed } from './allow-patterns.ts';
import type { CheckedCall } from './check-calls.ts';

/** The decision on a call: it runs, the model gets a reason why not, or the turn ends. */
export type Decision = { type: 'run' } | { type: 'refuse'; reason: string } | { type: 'stop' };

/** The user's reply. A refusal may include a message to the model. */
export type Reply = { type: 'once' } | { type: 'always' } | { type: 'refuse'; word: string } | { type: 'stop' };

export interface ApprovalOptions {
  /** Labels and patterns of tools that run without asking. */
  allowed: readonly string[];
  /** Asks the user; undefined if no one can be asked. */
  ask: ((call: CheckedCall) => Promise<Reply>) | undefined;
}

/** Creates a function that decides on calls, one after the other. It remembers for this invocation which tools the user always allows. */
export function createApprovals({ allowed, ask }: ApprovalOptions): (call: CheckedCall) => Promise<Decision> {
  const always = new Set<string>();
  return async (call) => {
    if (isToolNamed(call.label, allowed) || always.has(call.label)) return { type: 'run' };
    if (ask === undefined) {
      return { type: 'refuse', reason: 'it is not allowed, and orx cannot ask the user' };
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
