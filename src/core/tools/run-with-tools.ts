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

/** One request of a turn and what became of the calls that its answer asked for. */
export interface Step {
  answer: Answer;
  calls: readonly FinishedCall[];
}

/** What came of a turn: its answer with the figures of all its requests added up. */
export interface ToolOutcome extends Outcome {
  steps: readonly Step[];
  /** What the turn adds to the conversation, ready to be sent again: answers and results of tools, in order. */
  added: readonly Message[];
  /** The last request had to be answered without tools, because the rounds were used up. */
  isCutShort: boolean;
}

export interface ToolTurn extends CallRun {
  /** Sends one request and shows its answer. Never rejects for an answer that fails. */
  ask: (messages: readonly Message[], toolChoice: ToolChoice | undefined) => Promise<Outcome>;
  tools: readonly OfferedTool[];
  /** Told the results of calls that ended before the user stopped the turn: no request of this turn sends them. */
  onUnsent: (results: readonly Message[]) => void;
  /** Rounds of tool calls; after them the model has to answer without. */
  maxSteps: number;
}

/**
 * Asks, makes the calls that the model wants, tells it what came of them, and so on until it answers without. What the model said goes back
 * as it came: calls, reasoning details and file annotations unmodified and in order. Never rejects: a failure or a stop is the outcome's
 * error, with everything that came before it beside.
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
      // Told once, the model did it again: more rounds would only cost more.
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
