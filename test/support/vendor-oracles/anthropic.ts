import type { Expected } from './expected.ts';

const ENDS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** Returns the answers of a recording: some recordings hold a whole conversation, one stream after the other. */
export function anthropicAnswers(events: readonly any[]): any[][] {
  const ends = events.flatMap(({ type }, at) => (type === 'message_stop' ? at + 1 : []));
  return ends.map((end, number) => events.slice(ends[number - 1] ?? 0, end));
}

/** Returns the message that the events of one stream build up. `isMixed`: another message begins before this one ends. */
export function anthropicMessage(events: readonly any[]): { message: any; isMixed: boolean } {
  const message = structuredClone(events[0].message);
  const blocks: any[] = message.content;
  for (const event of events.slice(1)) {
    const { type, index, delta } = event;
    if (type === 'message_start' && event.message.id !== message.id) return { message, isMixed: true };
    if (type === 'content_block_start') blocks[index] = { ...structuredClone(event.content_block), json: '' };
    if (type === 'content_block_delta') {
      const block = blocks[index];
      block.text = (block.text ?? '') + (delta.text ?? '');
      block.thinking = (block.thinking ?? '') + (delta.thinking ?? '');
      block.signature = (block.signature ?? '') + (delta.signature ?? '');
      block.json += delta.partial_json ?? '';
      if (delta.citation !== undefined) block.citations = [...(block.citations ?? []), delta.citation];
    }
    if (type === 'message_delta') {
      message.stop_reason = delta.stop_reason;
      for (const [name, count] of Object.entries(event.usage)) if (count !== null) message.usage[name] = count;
    }
  }
  return { message, isMixed: false };
}

/** Returns the content of the answer, read from the message. The input of a tool called `json` is the answer itself. */
export function anthropicExpected(events: readonly any[]): Expected {
  const { message, isMixed } = anthropicMessage(events);
  const ofType = (type: string): any[] => message.content.filter((block: any) => block.type === type);
  const argumentsOf = ({ json = '', input }: any): string => (json === '' ? JSON.stringify(input) : json);
  const tools = ofType('tool_use');
  const shown = message.content.map((block: any) => {
    if (block.type === 'text') return block.text ?? '';
    return block.type === 'tool_use' && block.name === 'json' ? argumentsOf(block) : '';
  });
  const calls = tools.filter(({ name }) => name !== 'json').map((block) => ({ name: block.name, arguments: argumentsOf(block) }));
  const end = tools.length > calls.length && calls.length === 0 ? 'stop' : ENDS[message.stop_reason];
  const said = {
    text: shown.join(''),
    reasoning: ofType('thinking')
      .map(({ thinking }) => thinking)
      .join(''),
    calls,
  };
  if (isMixed) return { ...said, error: {} };
  return { ...said, usage: usageOf(message.usage), ...(end !== undefined && { finishReason: end }) };
}

function usageOf(usage: any): { prompt: number; completion: number; total: number } {
  const rows = (usage.iterations ?? []).filter(({ type }: any) => type === 'message' || type === 'compaction');
  const isFallback = usage.iterations?.some(({ type }: any) => type === 'fallback_message') === true;
  const counted = rows.length === 0 || isFallback ? [usage] : rows;
  const sum = (...names: string[]): number =>
    counted.flatMap((row: any) => names.map((name) => row[name] ?? 0)).reduce((total: number, count: number) => total + count, 0);
  const prompt = sum('input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens');
  const completion = sum('output_tokens');
  return { prompt, completion, total: prompt + completion };
}
