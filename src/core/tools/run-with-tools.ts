import { OrxError } from '../../errors.ts';
import type { Message } from '../../apis/message.ts';
import type { ToolChoice } from '../../apis/request-parameters.ts';
import type { Answer } from '../answer/answer.ts';
import type { Outcome } from '../answer/collect.ts';
import { assistantMessage } from '../conversation/assistant-message.ts';
import { withOwnCallIds } from '../conversation/own-call-ids.ts';
import { addAnswers } from './add-answers.ts';
import { checkCalls } from './check-calls.ts';
import { callsCutAgain, cutReason } from '../answer/cut-calls.ts';
import { type CallRun, type FinishedCall, runCalls } from './run-calls.ts';
import type { OfferedTool } from './wire-names.ts';

/** One request of a turn, and the calls that its answer requested. */
export interface Step {
  answer: Answer;
  calls: readonly FinishedCall[];
}

/** The result of a turn: its answer, with the figures of all its requests added up. */
export interface ToolOutcome extends Outcome {
  steps: readonly Step[];
  /** The messages that the turn adds to the conversation: answers and tool results, in order, ready to be sent again. */
  added: readonly Message[];
  /** The last request was sent without tools, because the rounds were used up. */
  isCutShort: boolean;
}

export interface ToolTurn extends CallRun {
  /** Sends one request and shows its answer. Never rejects because of a failed answer. */
  ask: (messages: readonly Message[], toolChoice: ToolChoice | undefined) => Promise<Outcome>;
  tools: readonly OfferedTool[];
  /** Receives the results of calls that ended before the user stopped the turn: no request of this turn contains them. */
  onUnsent: (results: readonly Message[]) => void;
  /** Maximum rounds of tool calls; after them the model has to answer without tools. */
  maxSteps: number;
}

/**
 * Sends the request, runs the calls that the model requests, sends their results, and repeats this until the model answers without calls. What
 * the model said is sent back unchanged: calls, reasoning details and file annotations, in order. Never rejects: a failure or a stop is the
 * outcome's error, next to everything before it.
 */
export async function runWithTools(messages: readonly Message[], turn: ToolTurn): Promise<ToolOutcome> {
  const steps: Step[] = [];
  const added: Message[] = [];
  const outcome = (error: unknown, isCutShort = false): ToolOutcome => ({
    answer: addAnswers(steps.map(({ answer }) => answer))!,
    ...(error === undefined ? {} : { error }),
    steps,
    added,
    isCutShort,
  });
  for (let round = 0; ; round += 1) {
    const isLast = round === turn.maxSteps;
    const all = [...messages, ...added];
    const { answer: came, error } = await turn.ask(all, isLast ? 'none' : undefined);
    const answer = withOwnCallIds(came, all);
    const wantsCalls = answer.toolCalls.length > 0 && error === undefined && !isLast;
    if (!wantsCalls) {
      steps.push({ answer, calls: [] });
      if (answer.text !== '' || answer.images.length > 0) added.push(assistantMessage({ ...answer, toolCalls: [] }));
      return outcome(error, isLast);
    }
    const { finished, isStopped } = await runCalls(await checkCalls(answer.toolCalls, answer, turn.tools), turn);
    steps.push({ answer, calls: finished });
    const results = finished.map(resultMessage);
    added.push(assistantMessage(answer), ...results);
    const before = steps.at(-2)?.answer;
    if (cutReason(answer) !== undefined && before !== undefined && cutReason(before) !== undefined) {
      // The model was told about it and did it again: more rounds would only cost more.
      return outcome(callsCutAgain(answer));
    }
    if (isStopped) {
      if (finished.some(({ state }) => state !== 'stopped')) turn.onUnsent(results);
      return outcome(turn.signal.reason ?? new OrxError('stopped', { kind: 'interrupted', code: 'tool-stop' }));
    }
  }
}

function resultMessage({ call, text }: FinishedCall): Message {
  return { role: 'tool', content: text, toolCallId: call.id };
}
