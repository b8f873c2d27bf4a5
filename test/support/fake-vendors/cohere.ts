import { alternationFaults, halves, isBlank, type Json, type Spoken, sse, type Wire } from './spoken.ts';

/** Cohere's chat API, version 2: text before calls is a plan, which goes back with them. */
export function cohereWire(name: string): Wire {
  const planned = new Map<string, string>();
  let answers = 0;

  const reply = ({ reasoning, text, calls }: Spoken, request: Json): readonly string[] => {
    answers += 1;
    let index = -1;
    const event = (type: string, fields: Json = {}): string => sse({ type, ...fields }, type);
    const content = (kind: 'thinking' | 'text', said: string): string[] => {
      if (said === '') return [];
      index += 1;
      return [
        event('content-start', { index, delta: { message: { content: { type: kind, [kind]: '' } } } }),
        ...halves(said).map((piece) => event('content-delta', { index, delta: { message: { content: { [kind]: piece } } } })),
        event('content-end', { index }),
      ];
    };
    const ids = calls.map((call, at) => `${call.name}_${name}${answers}x${at}`);
    const plan = calls.length > 0 ? reasoning : '';
    for (const id of ids) planned.set(id, text === '' ? plan : text);
    const thinks = calls.length === 0 && request.thinking?.type !== 'disabled';
    return [
      event('message-start', {
        id: `${name}-${answers}`,
        delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
      }),
      ...(thinks ? content('thinking', reasoning) : []),
      ...halves(plan).map((piece) => event('tool-plan-delta', { delta: { message: { tool_plan: piece } } })),
      ...content('text', text),
      ...calls.flatMap((call, at) => [
        event('tool-call-start', {
          index: at,
          delta: { message: { tool_calls: { id: ids[at], type: 'function', function: { name: call.name, arguments: '' } } } },
        }),
        ...halves(JSON.stringify(call.arguments)).map((piece) =>
          event('tool-call-delta', { index: at, delta: { message: { tool_calls: { function: { arguments: piece } } } } }),
        ),
        event('tool-call-end', { index: at }),
      ]),
      event('message-end', {
        delta: {
          finish_reason: calls.length > 0 ? 'TOOL_CALL' : 'COMPLETE',
          usage: { billed_units: { input_tokens: 20, output_tokens: 30 }, tokens: { input_tokens: 25, output_tokens: 30 } },
        },
      }),
    ];
  };

  const faults = ({ messages, tools }: Json): readonly string[] => {
    const spoken: Json[] = messages.filter(({ role }: Json) => role !== 'system');
    const isAgain = (at: number): boolean => spoken[at].role === 'tool' && spoken[at - 1].role === 'tool';
    const roles = spoken.flatMap(({ role }, at) => (isAgain(at) ? [] : role === 'tool' ? 'user' : role));
    const results = (at: number): string[] => {
      const after = spoken.slice(at + 1);
      const end = after.findIndex(({ role }) => role !== 'tool');
      return after.slice(0, end === -1 ? undefined : end).map((message) => message.tool_call_id);
    };
    return [
      ...alternationFaults(roles, 'user'),
      ...spoken.flatMap(({ role, content, tool_calls: calls = [] }, at) => {
        if (role === 'tool') return [];
        const ids: string[] = calls.map(({ id }: Json) => id);
        return [
          ...(ids.length > 0 && content !== undefined ? ['content beside calls'] : []),
          ...(ids.length === 0 && (content === undefined || isBlank(content)) ? [`blank content of ${role}`] : []),
          ...(ids.join() === results(at).join() ? [] : ['calls and results differ']),
        ];
      }),
      ...(spoken.some(({ tool_calls: calls }) => calls !== undefined) && !(tools?.length > 0) ? ['calls without tools'] : []),
    ];
  };
  const losses = ({ messages }: Json): readonly string[] =>
    messages.flatMap(({ tool_plan: plan = '', tool_calls: calls = [] }: Json) => {
      const own = planned.get(calls[0]?.id);
      return own === undefined || own === plan ? [] : [`the plan ${own} became ${plan}`];
    });
  return { reply, faults, losses };
}
