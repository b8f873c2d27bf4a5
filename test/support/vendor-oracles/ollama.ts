import type { Expected } from './expected.ts';

/** Reads the lines of Ollama's chat API in the simplest way. */
export function ollamaExpected(body: string): Expected {
  const lines: any[] = body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
  const all = (pick: (message: any) => string | undefined): string =>
    lines.map((line) => pick(line.message ?? {}) ?? '').join('');
  const calls = lines.flatMap((line) => line.message?.tool_calls ?? []);
  const last = lines.find((line) => line.done === true);
  const error = lines.find((line) => line.error !== undefined)?.error;
  const [prompt, completion] = [last?.prompt_eval_count ?? 0, last?.eval_count ?? 0];
  const hasCounts = last?.prompt_eval_count !== undefined || last?.eval_count !== undefined;
  const reason = last?.done_reason === 'length' ? 'length' : 'stop';
  return {
    text: all((message) => message.content),
    reasoning: all((message) => message.thinking),
    calls: calls.map((call) => ({ name: call.function.name, arguments: JSON.stringify(call.function.arguments) })),
    ...(hasCounts && { usage: { prompt, completion, total: prompt + completion } }),
    ...(last !== undefined && { finishReason: reason === 'stop' && calls.length > 0 ? 'tool_calls' : reason }),
    ...(error !== undefined && { error: { message: error } }),
  };
}
