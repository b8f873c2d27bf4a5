import { alternationFaults, halves, isBlank, type Json, type Spoken, sse, type Wire } from './spoken.ts';

export interface ChatWireOptions {
  /** Format of the reasoning. `details`: OpenRouter's, signed; `thinking`: Mistral's content parts. */
  reasoning: 'reasoning' | 'reasoning_content' | 'thinking' | 'details';
  /** Ids that the vendor accepts; the ids that it generates match. */
  ids?: RegExp;
  /** The vendor rejects an answer with calls but without its reasoning, as DeepSeek does. */
  demandsReasoning?: boolean;
}

/** Chat completions of OpenRouter and of hosts whose chat completions deviate from it. */
export function chatWire(
  name: string,
  { reasoning: form, ids = /^[\w-]{1,64}$/, demandsReasoning = false }: ChatWireOptions,
): Wire {
  /** The reasoning behind each answer, by the id of a call. */
  const reasoned = new Map<string, string>();
  const signed = new Set<string>();
  let answers = 0;
  let lastId = 0;

  const newId = (): string => {
    lastId += 1;
    return form === 'thinking' ? `${name}000000000`.slice(0, 5) + String(lastId).padStart(4, '0') : `call_${name}_${lastId}`;
  };

  const deltasOf = ({ reasoning, text }: Spoken, callIds: readonly string[]): Json[] => {
    const said = halves(text).map((content) => ({ content }));
    const thought = halves(reasoning);
    switch (form) {
      case 'thinking':
        return [
          ...thought.map((piece) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: piece }] }] })),
          ...said,
        ];
      case 'details': {
        const signature = `${name}-signature-${answers}`;
        signed.add(signature);
        const format = 'anthropic-claude-v1';
        return [
          ...thought.map((piece) => ({
            reasoning: piece,
            reasoning_details: [{ type: 'reasoning.text', text: piece, format, index: 0 }],
          })),
          { reasoning_details: [{ type: 'reasoning.text', signature, format, index: 0 }] },
          ...callIds.slice(0, 1).map((id) => {
            signed.add(`${signature}-${id}`);
            return {
              reasoning_details: [
                { type: 'reasoning.encrypted', data: `${signature}-${id}`, id, format: 'google-gemini-v1', index: 1 },
              ],
            };
          }),
          ...said,
        ];
      }
      default:
        return [...thought.map((piece) => ({ [form]: piece })), ...said];
    }
  };

  const reply = (answer: Spoken, request: Json): readonly string[] => {
    answers += 1;
    const callIds = answer.calls.map(newId);
    for (const id of callIds) reasoned.set(id, answer.reasoning);
    const chunk = (delta: Json, finish: string | null = null, more: Json = {}): string =>
      sse({
        id: `${name}-${answers}`,
        object: 'chat.completion.chunk',
        created: 1_780_000_000,
        model: request.model,
        choices: [{ index: 0, delta, finish_reason: finish }],
        ...more,
      });
    return [
      chunk({ role: 'assistant', content: '' }),
      ...deltasOf(answer, callIds).map((delta) => chunk(delta)),
      ...answer.calls.flatMap((call, index) => {
        const [start = '', end = ''] = halves(JSON.stringify(call.arguments));
        const id = callIds[index];
        return [
          chunk({ tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: start } }] }),
          chunk({ tool_calls: [{ index, function: { arguments: end } }] }),
        ];
      }),
      chunk({}, answer.calls.length > 0 ? 'tool_calls' : 'stop', {
        usage: { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 },
      }),
      sse('[DONE]'),
    ];
  };

  const reasoningOf = ({ content, ...message }: Json): string | undefined => {
    if (form === 'details') return undefined;
    if (form !== 'thinking') return message[form];
    const parts = (Array.isArray(content) ? content : []).filter(({ type }: Json) => type === 'thinking');
    return parts.length === 0 ? undefined : parts.flatMap((part: Json) => part.thinking.map(({ text }: Json) => text)).join('');
  };

  const messageFaults = (message: Json): string[] => {
    const { role, content, tool_calls: calls = [], reasoning_details: details = [] } = message;
    const texts = typeof content === 'string' ? [content] : (content ?? []).flatMap(({ text }: Json) => text ?? []);
    const [first] = calls;
    const given = reasoningOf(message);
    const own = first === undefined ? undefined : reasoned.get(first.id);
    return [
      ...(content === null || content === undefined ? (first === undefined ? [`no content of ${role}`] : []) : []),
      ...(texts.some(isBlank) || content?.length === 0 ? [`blank content of ${role}`] : []),
      ...details.flatMap(({ signature, data }: Json) =>
        [signature, data].every((one) => one === undefined || signed.has(one))
          ? []
          : [`a signature of others: ${signature ?? data}`],
      ),
      ...(demandsReasoning && first !== undefined && typeof given !== 'string' ? ['calls without their reasoning'] : []),
      ...(given !== undefined && given !== '' && own !== undefined && given !== own ? [`reasoning changed to ${given}`] : []),
      ...Object.keys(message).flatMap((field) =>
        field.startsWith('reasoning') && form !== 'details' && field !== form ? [field] : [],
      ),
    ];
  };

  /** The calls of the current turn must come back with their reasoning. */
  const losses = ({ messages }: Json): readonly string[] => {
    const start = messages.findLastIndex(({ role }: Json) => role === 'user');
    return messages.slice(start).flatMap((message: Json) => {
      const own = reasoned.get(message.tool_calls?.[0]?.id);
      if (own === undefined || own === '' || form === 'reasoning') return [];
      if (form !== 'details') return reasoningOf(message) === own ? [] : ['the reasoning of this turn'];
      const text = (message.reasoning_details ?? []).map((detail: Json) => detail.text ?? '').join('');
      return text === own && message.reasoning_details.length === 2 ? [] : ['the reasoning of this turn'];
    });
  };

  const faults = ({ messages, tools }: Json): readonly string[] => {
    const spoken: Json[] = messages.slice(messages.findIndex(({ role }: Json) => role !== 'system' && role !== 'developer'));
    // Several results may follow each other.
    const roles = spoken.map(({ role }) => (role === 'tool' ? 'user' : role));
    return [
      ...alternationFaults(
        roles.filter((_, index) => !(spoken[index].role === 'tool' && spoken[index - 1].role === 'tool')),
        'user',
      ),
      ...messages.flatMap(messageFaults),
      ...callFaults(spoken, ids),
      ...(spoken.some(({ tool_calls: calls }) => calls !== undefined) && !(tools?.length > 0) ? ['calls without tools'] : []),
    ];
  };
  return { reply, faults, losses };
}

/** Each call must be followed directly by its one result, in the order of the calls. */
function callFaults(spoken: readonly Json[], ids: RegExp): string[] {
  const seen = new Set<string>();
  return spoken.flatMap(({ role, tool_calls: calls = [] }, index) => {
    if (role === 'tool') return [];
    const after = spoken.slice(index + 1);
    const end = after.findIndex((next) => next.role !== 'tool');
    const results = after.slice(0, end === -1 ? undefined : end).map((message) => message.tool_call_id);
    const wanted: string[] = calls.map(({ id }: Json) => id);
    return [
      ...(wanted.join() === results.join() ? [] : [`calls ${wanted.join()} got results ${results.join()}`]),
      ...calls.flatMap(({ id, type, function: called }: Json) => {
        const known = seen.has(id);
        seen.add(id);
        return [
          ...(known ? [`id ${id} twice`] : []),
          ...(ids.test(id) ? [] : [`id ${id}`]),
          ...(type === 'function' ? [] : ['a call that is none of a function']),
          ...(/^[\w-]{1,64}$/.test(called.name) ? [] : [`name ${called.name}`]),
          ...(typeof JSON.parse(called.arguments) === 'object' ? [] : ['arguments that are no object']),
        ];
      }),
    ];
  });
}
