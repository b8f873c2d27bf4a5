import type { Expected } from './expected.ts';

/**
 * Reads the events of a Responses stream in the simplest way: it assembles nothing from deltas, because the stream also contains the whole items.
 */
export function responsesExpected(events: readonly any[]): Expected {
  const error = events.find(({ type }) => type === 'error');
  const end = events.find(({ type }) => /^response\.(completed|incomplete|failed)$/.test(type))?.response;
  const done = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
  const items: any[] = end?.output?.length > 0 ? end.output : done;
  const of = (...types: string[]): any[] => items.filter(({ type }) => types.includes(type));
  const texts = (parts: any[] | undefined): string[] => (parts ?? []).map((part) => part.text ?? part.refusal ?? '');
  const messages = of('message').map(({ content }) => texts(content).join(''));
  const calls = of('function_call', 'custom_tool_call').map(({ name, arguments: text, input }) => ({
    name,
    arguments: text ?? input,
  }));
  const told = error?.error ?? error ?? end?.error ?? undefined;
  const reason = end?.incomplete_details?.reason;
  const finishes: Record<string, string> = { max_output_tokens: 'length', content_filter: 'content_filter' };
  const usage = end?.usage;
  return {
    text: messages.filter((text) => text !== '').join('\n\n'),
    reasoning: of('reasoning')
      .flatMap(({ summary, content }) => [...texts(summary), ...texts(content)])
      .join('\n\n'),
    calls,
    ...(usage && { usage: { prompt: usage.input_tokens, completion: usage.output_tokens, total: usage.total_tokens } }),
    ...(told === undefined && {
      finishReason: reason === undefined || reason === null ? (calls.length > 0 ? 'tool_calls' : 'stop') : finishes[reason],
    }),
    ...(told !== undefined && { error: { message: told.message } }),
  };
}
