import fc from 'fast-check';
import type { CompletionEvent, Usage } from '../../src/apis/completion.ts';
import type { ReasoningPart } from '../../src/apis/message.ts';

/** A segment of an answer. */
export type Segment =
  | { type: 'text'; pieces: readonly string[] }
  | { type: 'reasoning'; kind: 'text' | 'summary'; pieces: readonly string[]; hasParts: boolean; signature: string | undefined }
  /** Several calls at the same time, whose pieces alternate. */
  | { type: 'calls'; calls: readonly { id: string; name: string; pieces: readonly string[] }[] }
  | { type: 'image'; url: string }
  | { type: 'citation'; url: string; title: string };

export interface SpokenAnswer {
  segments: readonly Segment[];
  usage: Usage | undefined;
  finishReason: 'stop' | 'length' | 'content_filter';
}

const piece = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const pieces = fc.array(piece, { minLength: 1, maxLength: 5 });
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/);
/** The text of a JSON object, cut at any character. */
const argumentPieces = fc
  .tuple(
    fc.dictionary(name, fc.oneof(piece, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 }),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([value, size]) => {
    const characters = [...JSON.stringify({ ...value })];
    return Array.from({ length: Math.ceil(characters.length / size) }, (_, at) =>
      characters.slice(at * size, (at + 1) * size).join(''),
    );
  });
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

const segment: fc.Arbitrary<Segment> = fc.oneof(
  { weight: 3, arbitrary: pieces.map((given) => ({ type: 'text' as const, pieces: given })) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('reasoning' as const),
      kind: fc.constantFrom('text' as const, 'summary' as const),
      pieces,
      hasParts: fc.boolean(),
      signature: fc.option(fc.base64String({ minLength: 4, maxLength: 24 }), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.record({ id: fc.uuid().map((id) => `call_${id}`), name, pieces: argumentPieces }), { minLength: 1, maxLength: 3 })
      .map((calls) => ({ type: 'calls' as const, calls })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'image' as const, url: `data:image/png;base64,${PNG}` }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('citation' as const), url: fc.webUrl(), title: piece }),
  },
);

const usage: fc.Arbitrary<Usage> = fc
  .record({
    prompt: fc.nat(1_000_000),
    answer: fc.nat(1_000_000),
    thought: fc.nat(1_000_000),
    cachedShare: fc.nat(100),
    cost: fc.option(fc.nat(1_000_000), { nil: undefined }),
  })
  .map(({ prompt, answer, thought, cachedShare, cost }) => ({
    promptTokens: prompt,
    completionTokens: answer + thought,
    totalTokens: prompt + answer + thought,
    cachedTokens: Math.floor((prompt * cachedShare) / 100),
    reasoningTokens: thought,
    ...(cost !== undefined && { cost: String(cost / 1_000_000) }),
    wire: {},
  }));

export const spokenAnswers: fc.Arbitrary<SpokenAnswer> = fc.record({
  segments: fc.array(segment, { maxLength: 7 }),
  usage: fc.option(usage, { nil: undefined }),
  finishReason: fc.constantFrom('stop' as const, 'length' as const, 'content_filter' as const),
});

/** Returns the events that an API would send for it. */
export function eventsOf({ segments, usage: counts, finishReason }: SpokenAnswer, model = 'x/bard-1'): CompletionEvent[] {
  let calls = 0;
  let stretch = 0;
  const events = segments.flatMap((one): CompletionEvent[] => {
    switch (one.type) {
      case 'text':
        return one.pieces.map((text) => ({ type: 'text-delta', text }));
      case 'reasoning': {
        const index = stretch;
        stretch += 1;
        return reasoningEvents(one, index);
      }
      case 'calls': {
        const first = calls;
        calls += one.calls.length;
        return callEvents(one.calls, first);
      }
      case 'image':
        return [one];
      case 'citation':
        return [{ type: 'annotation', annotation: { kind: 'citation', url: one.url, title: one.title } }];
    }
  });
  const hasCalls = segments.some(({ type }) => type === 'calls');
  return [
    { type: 'response-start', id: 'answer-1', model, provider: 'Globe', created: 1_780_000_000 },
    ...events,
    ...(counts === undefined ? [] : [{ type: 'usage', usage: counts } as const]),
    { type: 'response-end', finishReason: finishReason === 'stop' && hasCalls ? 'tool_calls' : finishReason },
  ];
}

function reasoningEvents(
  { kind, pieces: given, hasParts, signature }: Extract<Segment, { type: 'reasoning' }>,
  index: number,
): CompletionEvent[] {
  const format = 'globe-v1';
  const part = (more: Partial<ReasoningPart>): CompletionEvent => ({
    type: 'reasoning-parts',
    parts: [{ kind, format, index, ...more }],
  });
  return [
    ...given.flatMap((text): CompletionEvent[] => [{ type: 'reasoning-delta', text }, ...(hasParts ? [part({ text })] : [])]),
    ...(hasParts && signature !== undefined ? [part({ text: '', signature })] : []),
  ];
}

function callEvents(calls: Extract<Segment, { type: 'calls' }>['calls'], first: number): CompletionEvent[] {
  const longest = Math.max(...calls.map((call) => call.pieces.length));
  return Array.from({ length: longest }, (_, at) => at).flatMap((at) =>
    calls.flatMap(({ id, name: called, pieces: given }, index): CompletionEvent[] => {
      const text = given[at];
      if (text === undefined) return [];
      return [{ type: 'tool-call-delta', index: first + index, ...(at === 0 && { id, name: called }), arguments: text }];
    }),
  );
}
