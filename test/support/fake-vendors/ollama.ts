import { halves, isBlank, type Json, type Spoken, type Wire } from './spoken.ts';

/** Ollama's own API: JSON lines, calls without ids, results identified by tool name. */
export function ollamaWire(): Wire {
  const reply = ({ reasoning, text, calls }: Spoken, { model, think }: Json): readonly string[] => {
    const line = (message: Json, more: Json = {}): string =>
      `${JSON.stringify({ model, created_at: '2026-11-30T12:00:00Z', message: { role: 'assistant', content: '', ...message }, done: false, ...more })}\n`;
    return [
      ...(think === undefined || think === false ? [] : halves(reasoning).map((thinking) => line({ thinking }))),
      ...halves(text).map((content) => line({ content })),
      ...calls.map((call) => line({ tool_calls: [{ function: { name: call.name, arguments: call.arguments } }] })),
      line({}, { done: true, done_reason: 'stop', prompt_eval_count: 20, eval_count: 30, total_duration: 1_000_000 }),
    ];
  };

  const faults = ({ messages }: Json): readonly string[] =>
    messages.flatMap(({ role, content, tool_calls: calls = [], tool_name: name, images = [] }: Json, index: number) => {
      const before = messages.slice(0, index).findLastIndex((one: Json) => one.role !== 'tool');
      const wanted: string[] = (messages[before]?.tool_calls ?? []).map((call: Json) => call.function.name);
      const after = messages.slice(index + 1);
      const end = after.findIndex((one: Json) => one.role !== 'tool');
      const results = after.slice(0, end === -1 ? undefined : end).map((one: Json) => one.tool_name);
      return [
        ...(isBlank(content) && calls.length === 0 && images.length === 0 ? [`blank content of ${role}`] : []),
        ...(role === 'tool' && wanted[index - before - 1] !== name ? [`a result of ${name} in place of ${wanted.join()}`] : []),
        ...(calls.length > 0 && results.join() !== calls.map((call: Json) => call.function.name).join()
          ? ['calls and results differ']
          : []),
        ...images.flatMap((image: string) => (/^[A-Za-z0-9+/]+=*$/.test(image) ? [] : ['an image that is no base64'])),
      ];
    });
  return { reply, faults, losses: () => [] };
}
