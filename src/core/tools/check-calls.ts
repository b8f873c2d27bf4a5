import { ExactNumber, parseExact } from '../../text/exact-json.ts';
import type { ToolCall } from '../../apis/message.ts';
import type { ToolArguments } from '../../tools/tool.ts';
import type { Answer } from '../answer/answer.ts';
import { cutReason, isCompleteReason } from '../answer/cut-calls.ts';
import type { OfferedTool } from './wire-names.ts';

const LONGEST_QUOTE = 200;

/** A call that can be run, or the reason why it cannot. */
export interface CheckedCall {
  call: ToolCall;
  /** The tool's label, or the name that the model used if there is no such tool. Untrusted. */
  label: string;
  tool?: OfferedTool | undefined;
  values: ToolArguments;
  /** Sent to the model instead of a result. */
  fault?: string | undefined;
}

/**
 * Finds the tools of an answer's calls, parses their arguments, which the model wrote and which may not be valid JSON, and checks them against
 * the tools' schemas. Missing arguments count as an empty object.
 */
export async function checkCalls(
  calls: readonly ToolCall[],
  ending: Pick<Answer, 'finishReason' | 'nativeFinishReason'>,
  tools: readonly OfferedTool[],
): Promise<readonly CheckedCall[]> {
  const { argumentFaults } = await import('../schema/check-arguments.ts');
  const cut = cutReason(ending);
  return calls.map((call) => {
    const tool = tools.find(({ name }) => name === call.name);
    const { label } = tool ?? { label: call.name };
    const fail = (fault: string): CheckedCall => ({ call, label, tool, values: {}, fault });
    if (cut !== undefined) return fail(cut);
    if (tool === undefined) return fail(`there is no tool ${JSON.stringify(call.name)}`);
    const text = call.arguments.trim();
    if (text === '' && !isCompleteReason(ending)) return fail('the answer ended before the arguments: call it again');
    const values = text === '' ? {} : parseObject(text);
    // The call is sent back with an empty object as its arguments, so the error quotes what the model wrote.
    if (values === undefined) return fail(`the arguments are not a JSON object: ${JSON.stringify(text.slice(0, LONGEST_QUOTE))}`);
    const faults = argumentFaults(tool.parameters, values);
    return faults === undefined ? { call, label, tool, values } : fail(`the arguments do not fit the tool's schema: ${faults}`);
  });
}

function parseObject(text: string): ToolArguments | undefined {
  try {
    const value = parseExact(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
    return isObject ? (value as ToolArguments) : undefined;
  } catch {
    return undefined;
  }
}
