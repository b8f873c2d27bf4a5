type Item = Readonly<Record<string, unknown>>;

/** Kinds whose items come in pieces while they stream, and the field that holds the piece. */
const PIECED: Readonly<Record<string, string>> = { 'reasoning.text': 'text', 'reasoning.summary': 'summary' };

/**
 * Items of `reasoning_details` with those that came next. Pieces of one text become one item again, as the provider checks them when they are
 * sent back: the signature, which comes with the last piece, ends it. Everything else stays as it is, in its order.
 */
export function addReasoningDetails(details: readonly unknown[], items: readonly unknown[]): readonly unknown[] {
  const all = [...details];
  for (const item of items) {
    const joined = joinItems(all.at(-1), item);
    if (joined === undefined) all.push(item);
    else all[all.length - 1] = joined;
  }
  return all;
}

function joinItems(last: unknown, next: unknown): Item | undefined {
  if (!isItem(last) || !isItem(next)) return undefined;
  const field = PIECED[String(next['type'])];
  if (field === undefined || last['type'] !== next['type'] || last['index'] !== next['index']) return undefined;
  const piece = textOf(next[field]);
  if (piece !== '' && isPresent(last['signature'])) return undefined;
  if (isPresent(last['id']) && isPresent(next['id']) && last['id'] !== next['id']) return undefined;
  const present = Object.fromEntries(Object.entries(next).filter(([name, value]) => isPresent(value) || !(name in last)));
  return { ...last, ...present, [field]: textOf(last[field]) + piece };
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
