import { halves, isBlank, type Json, type Spoken, sse, type Wire } from './spoken.ts';

/** OpenAI's Responses API without storage: reasoning is encrypted and precedes the calls that it led to. */
export function responsesWire(name: string): Wire {
  const encrypted = new Set<string>();
  /** Ids of calls that followed reasoning. */
  const reasonedAbout = new Set<string>();
  let answers = 0;

  const reply = ({ reasoning, text, calls }: Spoken, request: Json): readonly string[] => {
    answers += 1;
    let sequence = 0;
    let index = -1;
    const event = (type: string, fields: Json): string => sse({ type, sequence_number: (sequence += 1), ...fields }, type);
    const output: Json[] = [];
    const item = (start: Json, deltas: readonly string[], end: Json): string[] => {
      index += 1;
      const place = { output_index: index, item_id: start.id };
      const text = deltas.join('');
      const whole = { ...start, ...end, status: 'completed' };
      output.push(whole);
      const [delta, opening, closing] = framesOf(start.type, place, text);
      return [
        event('response.output_item.added', { output_index: index, item: { ...start, status: 'in_progress' } }),
        ...opening.map(({ type, ...fields }) => event(type, fields)),
        ...deltas.map((piece) => event(delta.type, { ...delta, delta: piece })),
        ...closing.map(({ type, ...fields }) => event(type, fields)),
        event('response.output_item.done', { output_index: index, item: whole }),
      ];
    };
    const data = `${name}-encrypted-${answers}`;
    const isReasoned = reasoning !== '' && request.reasoning?.effort !== 'none';
    const ids = calls.map((_, at) => `call_${name}_${answers}_${at}`);
    if (isReasoned) {
      encrypted.add(data);
      for (const id of ids) reasonedAbout.add(id);
    }
    const response = { id: `resp_${answers}`, object: 'response', model: request.model, created_at: 1_780_000_000, output: [] };
    return [
      event('response.created', { response: { ...response, status: 'in_progress' } }),
      ...(isReasoned
        ? item({ type: 'reasoning', id: `rs_${answers}`, summary: [] }, halves(reasoning), {
            summary: [{ type: 'summary_text', text: reasoning }],
            encrypted_content: data,
          })
        : []),
      ...(text === ''
        ? []
        : item({ type: 'message', id: `msg_${answers}`, role: 'assistant', content: [] }, halves(text), {
            content: [{ type: 'output_text', text, annotations: [] }],
          })),
      ...calls.flatMap((call, at) => {
        const given = JSON.stringify(call.arguments);
        const start = { type: 'function_call', id: `fc_${answers}_${at}`, call_id: ids[at], name: call.name, arguments: '' };
        return item(start, halves(given), { arguments: given });
      }),
      event('response.completed', {
        response: {
          ...response,
          output,
          status: 'completed',
          usage: {
            input_tokens: 20,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: 30,
            output_tokens_details: { reasoning_tokens: 10 },
            total_tokens: 50,
          },
        },
      }),
    ];
  };

  const itemFaults = (item: Json, index: number, input: readonly Json[]): string[] => {
    const next = input[index + 1];
    const texts =
      typeof item.content === 'string' ? [item.content] : (item.content ?? []).flatMap(({ text }: Json) => text ?? []);
    switch (item.type) {
      case 'reasoning':
        return [
          ...(encrypted.has(item.encrypted_content) ? [] : [`reasoning of others: ${item.encrypted_content}`]),
          ...(next?.role === 'assistant' || next?.type === 'function_call' ? [] : ['reasoning without what it led to']),
        ];
      case 'function_call':
        return input.filter((one) => one.type === 'function_call' && one.call_id === item.call_id).length === 1
          ? []
          : [`id ${item.call_id} twice`];
      case 'function_call_output':
        return [];
      default:
        return texts.some(isBlank) || item.content.length === 0 ? [`blank content of ${item.role}`] : [];
    }
  };

  /** The calls of the current turn must come with the reasoning that led to them. */
  const losses = (request: Json): readonly string[] => {
    const input = itemsOf(request);
    const turn: Json[] = input.slice(input.findLastIndex(({ role }: Json) => role === 'user'));
    return turn.flatMap(({ type, call_id: id }, index) => {
      if (type !== 'function_call' || !reasonedAbout.has(id)) return [];
      const answer = turn.slice(0, index).findLastIndex((one) => one.type === 'function_call_output');
      return turn.slice(answer + 1, index).some((one) => one.type === 'reasoning') ? [] : ['the reasoning of this turn'];
    });
  };

  const faults = (request: Json): readonly string[] => {
    const { tools, store, include = [] } = request;
    const input = itemsOf(request);
    const idsOf = (wanted: string): string[] => input.flatMap((one: Json) => (one.type === wanted ? one.call_id : []));
    return [
      ...(store === false ? [] : ['it would be stored']),
      ...(include.includes('reasoning.encrypted_content') ? [] : ['the reasoning would be lost']),
      ...input.flatMap(itemFaults),
      ...(idsOf('function_call').join() === idsOf('function_call_output').join() ? [] : ['calls and results differ']),
      ...(idsOf('function_call').length > 0 && !(tools?.length > 0) ? ['calls without tools'] : []),
    ];
  };
  return { reply, faults, losses };
}

/** Returns the event that carries a piece of an item, and the events around all pieces. */
function framesOf(kind: string, place: Json, text: string): [delta: Json, opening: Json[], closing: Json[]] {
  switch (kind) {
    case 'reasoning': {
      const at = { ...place, summary_index: 0 };
      return [
        { type: 'response.reasoning_summary_text.delta', ...at },
        [{ type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } }],
        [
          { type: 'response.reasoning_summary_text.done', ...at, text },
          { type: 'response.reasoning_summary_part.done', ...at, part: { type: 'summary_text', text } },
        ],
      ];
    }
    case 'message': {
      const at = { ...place, content_index: 0 };
      const part = (said: string): Json => ({ type: 'output_text', text: said, annotations: [] });
      return [
        { type: 'response.output_text.delta', ...at },
        [{ type: 'response.content_part.added', ...at, part: part('') }],
        [
          { type: 'response.output_text.done', ...at, text },
          { type: 'response.content_part.done', ...at, part: part(text) },
        ],
      ];
    }
    default:
      return [
        { type: 'response.function_call_arguments.delta', ...place },
        [],
        [{ type: 'response.function_call_arguments.done', ...place, arguments: text }],
      ];
  }
}

/** A plain text is a user message. */
function itemsOf({ input }: Json): Json[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}
