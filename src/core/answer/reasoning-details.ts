type Item = Readonly<Record<string, unknown>>;

/** Kinds whose items come in pieces while they stream, and the field that holds the piece. */
const PIECED: Readonly<Record<string, string>> = { 'reasoning.text': 'text', 'reasoning.summary': 'summary' };

/**
 * Returns items of `reasoning_details` with those that came next. Pieces of one text become one item again, as the provider checks them when
 * they are sent back; the index says which belong together, also when pieces of several texts alternate. A signature ends its text; an empty
 * one ends nothing. Everything else stays as it is, in its order.
 */
export function addReasoningDetails(details: readonly unknown[], items: readonly unknown[]): readonly unknown[] {
  const all = [...details];
  for (const item of items) {
    const place = placeOf(all, item);
    if (place === -1) all.push(item);
    else all[place] = joinItems(all[place] as Item, item as Item);
  }
  return all;
}

/** Returns where the text stands that a piece goes on with; -1: it begins one. */
function placeOf(all: readonly unknown[], next: unknown): number {
  if (!isItem(next) || !isPieced(next)) return -1;
  const { type, index } = next;
  const place = isPresent(index)
    ? all.findLastIndex((one) => isItem(one) && one['type'] === type && one['index'] === index)
    : all.length - 1;
  const last = all[place];
  return isItem(last) && last['type'] === type && continues(last, next) ? place : -1;
}

function continues(last: Item, next: Item): boolean {
  if (isPresent(last['id']) && isPresent(next['id']) && last['id'] !== next['id']) return false;
  return !isPresent(last['signature']) || pieceOf(next) === '';
}

function joinItems(last: Item, next: Item): Item {
  const present = Object.fromEntries(Object.entries(next).filter(([name, value]) => isPresent(value) || !(name in last)));
  return { ...last, ...present, [PIECED[String(next['type'])]!]: pieceOf(last) + pieceOf(next) };
}

function isPieced({ type }: Item): boolean {
  return Object.hasOwn(PIECED, String(type));
}

function pieceOf(item: Item): string {
  const piece = item[PIECED[String(item['type'])]!];
  return typeof piece === 'string' ? piece : '';
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The API says null, "" and nothing for the same. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
