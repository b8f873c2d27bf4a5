import { alternationFaults, halves, isBlank, type Json, type Spoken, sse, type Wire } from './spoken.ts';

/** Anthropic's Messages API: thinking is signed, and a request that returns it changed is rejected. */
export function anthropicWire(name: string): Wire {
  const signed = new Map<string, string>();
  const redacted = new Set<string>();
  /** Ids of calls that followed thinking. */
  const thoughtOf = new Set<string>();
  let answers = 0;

  const reply = ({ reasoning: given, text, calls }: Spoken, request: Json): readonly string[] => {
    answers += 1;
    const mode = request.thinking?.type ?? 'disabled';
    // With a budget the model always thinks; otherwise it decides itself.
    const reasoning = mode === 'enabled' && given === '' ? 'Hm.' : given;
    const ids = calls.map((_, index) => `toolu_${name}_${answers}_${index}`);
    let index = -1;
    const block = (start: Json, deltas: readonly Json[]): string[] => {
      index += 1;
      return [
        sse({ type: 'content_block_start', index, content_block: start }, 'content_block_start'),
        ...deltas.map((delta) => sse({ type: 'content_block_delta', index, delta }, 'content_block_delta')),
        sse({ type: 'content_block_stop', index }, 'content_block_stop'),
      ];
    };
    const thinks = mode !== 'disabled' && reasoning !== '';
    const signature = `${name}-signature-${answers}==`;
    const data = `${name}-redacted-${answers}==`;
    if (thinks) {
      signed.set(signature, reasoning);
      redacted.add(data);
      for (const id of ids) thoughtOf.add(id);
    }
    return [
      sse(
        {
          type: 'message_start',
          message: {
            id: `msg_${answers}`,
            type: 'message',
            role: 'assistant',
            model: request.model,
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: { input_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
          },
        },
        'message_start',
      ),
      sse({ type: 'ping' }, 'ping'),
      ...(thinks
        ? [
            ...block({ type: 'thinking', thinking: '', signature: '' }, [
              ...halves(reasoning).map((thinking) => ({ type: 'thinking_delta', thinking })),
              { type: 'signature_delta', signature },
            ]),
            ...block({ type: 'redacted_thinking', data }, []),
          ]
        : []),
      ...(text === ''
        ? []
        : block(
            { type: 'text', text: '' },
            halves(text).map((piece) => ({ type: 'text_delta', text: piece })),
          )),
      ...calls.flatMap((call, at) =>
        block(
          { type: 'tool_use', id: ids[at], name: call.name, input: {} },
          halves(JSON.stringify(call.arguments)).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
        ),
      ),
      sse(
        {
          type: 'message_delta',
          delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
          usage: { output_tokens: 30 },
        },
        'message_delta',
      ),
      sse({ type: 'message_stop' }, 'message_stop'),
    ];
  };

  const blockFaults = (block: Json, index: number, content: Json[]): string[] => {
    switch (block.type) {
      case 'text':
        return isBlank(block.text) ? ['a blank text'] : [];
      case 'thinking':
        return [
          ...(signed.get(block.signature) === block.thinking ? [] : [`a signature that is not valid: ${block.signature}`]),
          ...(content.slice(0, index).every(isThinking) ? [] : ['thinking behind other content']),
        ];
      case 'redacted_thinking':
        return redacted.has(block.data) ? [] : [`redacted thinking of others: ${block.data}`];
      default:
        return [];
    }
  };

  const losses = ({ messages }: Json): readonly string[] => {
    const answered: unknown = messages.at(-2)?.content;
    const content: Json[] = Array.isArray(answered) ? answered : [];
    return content.some(({ id }) => thoughtOf.has(id)) && !isThinking(content[0]) ? ['the thinking of this turn'] : [];
  };

  const faults = (request: Json): readonly string[] => {
    const messages: { role: string; content: Json[] }[] = request.messages.map(({ role, content }: Json) => ({
      role,
      content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
    }));
    const blocks = messages.flatMap(({ content }) => content);
    const marks = JSON.stringify(request).match(/"cache_control":/g)?.length ?? 0;
    return [
      ...alternationFaults(
        messages.map(({ role }) => role),
        'user',
      ),
      ...messages.flatMap(({ content }) => (content.length === 0 ? ['a message without content'] : content.flatMap(blockFaults))),
      ...callFaults(messages),
      ...thinkingFaults(request),
      ...turnFaults(request.thinking?.type, messages),
      ...(marks > 4 ? ['more than four cache breakpoints'] : []),
      ...(blocks.some(({ type }) => type === 'tool_use') && !(request.tools?.length > 0) ? ['tool_use without tools'] : []),
      ...(request.max_tokens > 0 ? [] : ['no room for an answer']),
    ];
  };
  return { reply, faults, losses };
}

function isThinking({ type }: Json): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

/** Each call must have exactly one result in the next message, before any text there. */
function callFaults(messages: readonly { role: string; content: Json[] }[]): string[] {
  const ids = new Set<string>();
  return messages.flatMap(({ role, content }, index) => {
    const calls = content.filter(({ type }) => type === 'tool_use');
    const before = messages[index - 1]?.content.filter(({ type }) => type === 'tool_use') ?? [];
    const results = content.filter(({ type }) => type === 'tool_result');
    const faults = calls.flatMap(({ id, name, input }) => {
      const known = ids.has(id);
      ids.add(id);
      return [
        ...(role === 'assistant' ? [] : ['a call of the user']),
        ...(known ? [`id ${id} twice`] : []),
        ...(/^[\w-]+$/.test(id) ? [] : [`id ${id}`]),
        ...(/^[\w-]{1,128}$/.test(name) ? [] : [`name ${name}`]),
        ...(typeof input === 'object' && input !== null && !Array.isArray(input) ? [] : ['input that is no object']),
      ];
    });
    const isFirst = results.every((result, at) => content[at] === result);
    const [wanted, given] = [before.map(({ id }) => id), results.map(({ tool_use_id: id }) => id)];
    return [
      ...faults,
      ...(isFirst ? [] : ['results behind other content']),
      ...(wanted.toSorted().join() === given.toSorted().join() ? [] : [`calls ${wanted.join()} got results ${given.join()}`]),
    ];
  });
}

/**
 * With a thinking budget, a turn whose calls are being answered must begin with thinking; later answers of the turn need none.
 */
function turnFaults(mode: string | undefined, messages: readonly { role: string; content: Json[] }[]): string[] {
  const question = messages.findLastIndex(
    ({ role, content }) => role === 'user' && !content.some(({ type }) => type === 'tool_result'),
  );
  const first = messages[question + 1]?.content[0];
  return mode === 'enabled' && first !== undefined && !isThinking(first) ? ['calls of this turn without thinking'] : [];
}

/** Checks the parameters that depend on thinking. */
function thinkingFaults({ thinking, max_tokens: limit, temperature, tool_choice: choice }: Json): string[] {
  if (thinking === undefined || thinking.type === 'disabled') return [];
  return [
    ...(thinking.type === 'enabled' && !(thinking.budget_tokens >= 1024 && thinking.budget_tokens < limit)
      ? ['a wrong budget']
      : []),
    ...(temperature === undefined || temperature === 1 ? [] : ['a temperature while thinking']),
    ...(choice?.type === 'any' || choice?.type === 'tool' ? ['a forced call while thinking'] : []),
  ];
}
