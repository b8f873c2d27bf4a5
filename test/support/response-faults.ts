/**
 * What is wrong with the items of a streamed response: each is opened once, at the next place, has its parts opened, filled and closed inside, and
 * is closed once, as the whole response has it. `events`: all between `response.in_progress` and the last one.
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
