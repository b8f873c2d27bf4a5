import type { Expected } from './expected.ts';

const ENDS: Readonly<Record<string, string>> = { STOP: 'stop', MAX_TOKENS: 'length', SAFETY: 'content_filter' };

/** Reads the responses of a generateContent recording in the simplest way. */
export function geminiExpected(responses: readonly any[]): Expected {
  const candidates = responses.flatMap(({ candidates: list = [] }) => list);
  const parts: any[] = candidates.flatMap(({ content }) => content?.parts ?? []);
  const textOf = (isThought: boolean): string =>
    parts
      .filter((part) => (part.thought === true) === isThought)
      .map((part) => part.text ?? '')
      .join('');
  const calls = callsOf(parts.flatMap((part) => part.functionCall ?? []));
  const counts = responses.findLast(({ usageMetadata }) => usageMetadata?.totalTokenCount !== undefined)?.usageMetadata;
  const native = candidates.findLast(({ finishReason }) => finishReason !== undefined)?.finishReason;
  const finishReason = native === 'STOP' && calls.length > 0 ? 'tool_calls' : ENDS[native];
  return {
    text: textOf(false),
    reasoning: textOf(true),
    calls: calls.map(({ name, args }) => ({ name, arguments: JSON.stringify(args) })),
    ...(counts !== undefined && {
      usage: {
        prompt: counts.promptTokenCount,
        completion: counts.candidatesTokenCount + (counts.thoughtsTokenCount ?? 0),
        total: counts.totalTokenCount,
      },
    }),
    ...(finishReason !== undefined && { finishReason }),
  };
}

function callsOf(pieces: readonly any[]): { name: string; args: any }[] {
  const calls: { name: string; args: any }[] = [];
  for (const { name, args, partialArgs = [] } of pieces) {
    if (name !== undefined) calls.push({ name, args: args ?? {} });
    for (const { jsonPath, stringValue, numberValue } of partialArgs) {
      // All recorded paths consist of names and indexes: `$.recipe.ingredients[0].name`.
      const keys: string[] = jsonPath.match(/[^$.[\]]+/g);
      const last = keys.pop()!;
      let at = calls.at(-1)!.args;
      for (const [index, key] of keys.entries()) at = at[key] ??= /^\d+$/.test(keys[index + 1] ?? last) ? [] : {};
      at[last] = numberValue ?? (at[last] ?? '') + stringValue;
    }
  }
  return calls;
}
