import type { Expected } from './expected.ts';

const ENDS: Readonly<Record<string, string>> = { COMPLETE: 'stop', MAX_TOKENS: 'length', TOOL_CALL: 'tool_calls' };

/** Reads the events of a recording of Cohere's chat API in the simplest way. Tokens are the billed ones. */
export function cohereExpected(events: readonly any[]): Expected {
  const messages: any[] = events.map(({ delta }) => delta?.message ?? {});
  const calls: { name: string; arguments: string }[] = [];
  for (const { type, index, delta } of events) {
    const called = delta?.message?.tool_calls?.function;
    if (type === 'tool-call-start') calls[index] = { name: called.name, arguments: called.arguments };
    if (type === 'tool-call-delta') calls[index]!.arguments += called.arguments;
  }
  const end = events.find(({ type }) => type === 'message-end')?.delta;
  const { input_tokens: prompt, output_tokens: completion } = end?.usage?.billed_units ?? {};
  return {
    text: messages.map(({ content }) => content?.text ?? '').join(''),
    reasoning: messages.map(({ content, tool_plan: plan }) => plan ?? content?.thinking ?? '').join(''),
    calls: calls.map((call) => ({ ...call, arguments: ['', 'null'].includes(call.arguments) ? '{}' : call.arguments })),
    ...(prompt !== undefined && { usage: { prompt, completion, total: prompt + completion } }),
    ...(end !== undefined && { finishReason: ENDS[end.finish_reason] }),
  };
}
