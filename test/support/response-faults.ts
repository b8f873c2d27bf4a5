/**
 * Returns the faults in the items of a streamed response. Each item must be opened once, at the next index; its parts must be opened, filled and
 * closed inside it; and it must be closed once, with the content that the whole response has. `events`: all events between `response.in_progress` and
 * the last one.
 */
export function itemFaults(events: readonly any[], output: readonly any[]): string[] {
  const faults: string[] = [];
  const check = (fits: boolean, fault: string): void => {
    if (!fits) faults.push(fault);
  };
  const items = new Map<number, { id: string; parts: Map<string, 'open' | 'closed'>; isClosed: boolean }>();
  for (const { type, output_index: at, ...event } of events) {
    if (type === 'response.output_item.added') {
      check(at === items.size, `${type}: place ${at}`);
      items.set(at, { id: event.item.id, parts: new Map(), isClosed: false });
      continue;
    }
    const known = items.get(at);
    if (known === undefined) {
      faults.push(`${type} of an item that was not opened`);
      continue;
    }
    check(!known.isClosed, `${type} of a closed item`);
    if (type === 'response.output_item.done') {
      known.isClosed = true;
      check(![...known.parts.values()].includes('open'), `${type}: a part is open`);
      check(JSON.stringify(event.item) === JSON.stringify(output[at]), `${type}: not the item of the response`);
      check(event.item.id === known.id, `${type}: another id`);
      continue;
    }
    check(event.item_id === known.id, `${type}: another id`);
    const part = event.content_index === undefined ? `summary ${event.summary_index}` : `content ${event.content_index}`;
    if (type.endsWith('part.added')) known.parts.set(part, 'open');
    else if (type.endsWith('part.done')) known.parts.set(part, 'closed');
    else check(!/text|refusal/.test(type) || known.parts.get(part) === 'open', `${type} outside of its part`);
  }
  check(
    [...items.values()].every(({ isClosed }) => isClosed),
    'an item was not closed',
  );
  check(items.size === output.length, `${items.size} items of ${output.length}`);
  return faults;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isList = (value: unknown): boolean => Array.isArray(value);
const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (fits: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || fits(value);

/** Fields that Open Responses requires in every response. */
const FIELDS: Readonly<Record<string, (value: any) => boolean>> = {
  id: isText,
  object: (value) => value === 'response',
  created_at: isNumber,
  completed_at: orNull(isNumber),
  status: (value) => ['in_progress', 'completed', 'incomplete', 'failed'].includes(value),
  incomplete_details: orNull((value: any) => isText(value?.reason)),
  model: isText,
  previous_response_id: orNull(isText),
  instructions: orNull(isText),
  output: (value) => isList(value) && value.every((item: any) => isText(item.type) && isText(item.id)),
  error: orNull((value: any) => isText(value?.code) && isText(value?.message)),
  tools: (value) => isList(value) && value.every(isTool),
  tool_choice: (value) => isText(value) || isMap(value),
  truncation: (value) => value === 'auto' || value === 'disabled',
  parallel_tool_calls: isFlag,
  text: (value) => isText(value?.format?.type),
  top_p: isNumber,
  presence_penalty: isNumber,
  frequency_penalty: isNumber,
  top_logprobs: isNumber,
  temperature: isNumber,
  reasoning: orNull((value: any) => orNull(isText)(value?.effort) && orNull(isText)(value?.summary)),
  usage: orNull(
    (value: any) =>
      [value.input_tokens, value.output_tokens, value.total_tokens].every(isNumber) &&
      isNumber(value.input_tokens_details?.cached_tokens) &&
      isNumber(value.output_tokens_details?.reasoning_tokens),
  ),
  max_output_tokens: orNull(isNumber),
  max_tool_calls: orNull(isNumber),
  store: isFlag,
  background: isFlag,
  service_tier: isText,
  metadata: isMap,
  safety_identifier: orNull(isText),
  prompt_cache_key: orNull(isText),
};

function isTool(tool: any): boolean {
  if (tool.type !== 'function') return isText(tool.type);
  return isText(tool.name) && ['description', 'parameters', 'strict'].every((name) => tool[name] !== undefined);
}

/** Returns the faults in a whole response, checked against the fields of Open Responses. */
export function responseFaults(response: any): string[] {
  return Object.entries(FIELDS).flatMap(([name, fits]) =>
    response[name] !== undefined && fits(response[name]) ? [] : [`${name}: ${JSON.stringify(response[name])}`],
  );
}
