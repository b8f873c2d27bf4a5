import type { ApiData, ReasoningPart } from '../../apis/message.ts';

/**
 * Returns the reasoning parts with `pieces` added. Pieces of one text are joined into one part, because the provider verifies whole parts when
 * they are sent back; the index says which pieces belong together, even if pieces of several texts alternate. A signature ends its text; an
 * empty one does not. Everything else stays unchanged and in order.
 */
export function addReasoningParts(parts: readonly ReasoningPart[], pieces: readonly ReasoningPart[]): readonly ReasoningPart[] {
  const all = [...parts];
  for (const piece of pieces) {
    const place = placeOf(all, piece);
    if (place === -1) all.push(piece);
    else all[place] = joinParts(all[place]!, piece);
  }
  return all;
}

/** Returns the index of the text that a piece continues; -1 if it starts a new one. */
function placeOf(all: readonly ReasoningPart[], next: ReasoningPart): number {
  if (!isText(next)) return -1;
  const place =
    next.index === undefined
      ? all.length - 1
      : all.findLastIndex(({ kind, index }) => kind === next.kind && index === next.index);
  const last = all[place];
  return last !== undefined && last.kind === next.kind && continues(last, next) ? place : -1;
}

function continues(last: ReasoningPart, next: ReasoningPart): boolean {
  if (last.id !== undefined && next.id !== undefined && last.id !== next.id) return false;
  return last.signature === undefined || (next.text ?? '') === '';
}

function joinParts(last: ReasoningPart, next: ReasoningPart): ReasoningPart {
  const apiData = joinData(last.apiData, next.apiData);
  return {
    ...last,
    ...next,
    text: (last.text ?? '') + (next.text ?? ''),
    ...(apiData !== undefined && { apiData }),
  };
}

/** Merges the extra fields of a piece into those of the pieces before it; null and "" do not replace a value. */
function joinData(last: ApiData | undefined, next: ApiData | undefined): ApiData | undefined {
  if (last === undefined || next === undefined) return next ?? last;
  const joined: Record<string, unknown> = { ...last };
  for (const [api, value] of Object.entries(next)) {
    const before = joined[api];
    joined[api] = isObject(before) && isObject(value) ? { ...before, ...present(value, before) } : value;
  }
  return joined;
}

type Fields = Readonly<Record<string, unknown>>;

function present(next: Fields, before: Fields): Fields {
  const isPresent = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
  return Object.fromEntries(Object.entries(next).filter(([name, value]) => isPresent(value) || !(name in before)));
}

function isText({ kind }: ReasoningPart): boolean {
  return kind === 'text' || kind === 'summary';
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
