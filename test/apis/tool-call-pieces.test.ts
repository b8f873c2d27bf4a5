import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callItems, type CallPiece, ToolCallPieces } from '../../src/apis/tool-call-pieces.ts';

interface Item {
  index?: unknown;
  id?: unknown;
  name?: string | undefined;
  args?: unknown;
}

const TEA = '{"item":"tea"}';
const RICE = '{"item":"rice"}';
const BOTH = [`look ${TEA}`, `buy ${RICE}`];

const wire = ({ index, id, name, args }: Item) => ({ index, id, type: 'function', function: { name, arguments: args } });

function joined(pieces: readonly CallPiece[]): { id: string | undefined; name: string; arguments: string }[] {
  const calls: { id: string | undefined; name: string; arguments: string }[] = [];
  for (const { slot, id, name, arguments: text } of pieces) {
    const call = (calls[slot] ??= { id: undefined, name: '', arguments: '' });
    calls[slot] = { id: id ?? call.id, name: name ?? call.name, arguments: call.arguments + text };
  }
  return calls;
}

function callsOf(chunks: readonly (readonly Item[])[], offered: readonly string[] = ['look', 'buy']) {
  const pieces = new ToolCallPieces(offered);
  return joined(chunks.flatMap((items) => pieces.add(items.map(wire))));
}
const textsOf = (...input: Parameters<typeof callsOf>) => callsOf(...input).map(({ name, arguments: text }) => `${name} ${text}`);
const start = (index: unknown, id: unknown, name: string | undefined, args: unknown = ''): Item[] => [{ index, id, name, args }];
const more = (index: unknown, args: string, id?: string, name?: string): Item[] => [{ index, id, name, args }];

describe('two calls are two calls', () => {
  test.each<[string, Item[][]]>([
    ['one index for both, whole', [start(0, 'a', 'look', TEA), start(0, 'b', 'buy', RICE)]],
    ['one index for both, in pieces', [start(0, 'a', 'look'), more(0, TEA, 'a'), start(0, 'b', 'buy'), more(0, RICE, 'b')]],
    ['one index, no ids', [start(0, null, 'look', TEA), start(0, null, 'buy'), more(0, RICE)]],
    ['one index, in one chunk', [[...start(0, 'a', 'look', TEA), ...start(0, 'b', 'buy', RICE)]]],
    ['no index and no id', [[...start(null, null, 'look', TEA), ...start(undefined, '', 'buy', RICE)]]],
    ['no index and no id, in pieces', [start(null, null, 'look'), more(null, TEA), start(null, null, 'buy'), more(null, RICE)]],
    [
      'no index, name in every piece',
      [more(null, '{"item":', '', 'look'), more(null, '"tea"}', '', 'look'), start(null, '', 'buy', RICE)],
    ],
    [
      'no index, names interleaved',
      [
        [...more(null, '{"item"', '', 'look'), ...more(null, '{"item":', '', 'buy')],
        [...more(null, ':"tea"}', '', 'look'), ...more(null, '"rice"}', '', 'buy')],
      ],
    ],
    [
      'no index, ids interleaved',
      [
        [...more(null, '{"item"', 'a', 'look'), ...more(null, '{"item":', 'b', 'buy')],
        [...more(null, ':"tea"}', 'a'), ...more(null, '"rice"}', 'b')],
      ],
    ],
    ['one index, ids interleaved', [start(0, 'a', 'look'), start(0, 'b', 'buy'), more(0, TEA, 'a'), more(0, RICE, 'b')]],
    ['index from 1', [start(1, 'a', 'look'), more(1, TEA), start(2, 'b', 'buy'), more(2, RICE)]],
    ['a gap', [start(0, 'a', 'look'), more(0, TEA), start(7, 'b', 'buy'), more(7, RICE)]],
    ['interleaved', [start(0, 'a', 'look'), start(1, 'b', 'buy'), more(0, '{"item":'), more(1, RICE), more(0, '"tea"}')]],
    ['index as text', [start('0', 'a', 'look'), start('1', 'b', 'buy'), more('0', TEA), more('1', RICE)]],
    ['index only at the start', [start(0, 'a', 'look'), more(null, TEA), start(1, 'b', 'buy'), more(null, RICE)]],
    ['pieces are counted', [start(0, 'a', 'look'), more(1, '{"item":'), more(2, '"tea"}'), start(3, 'b', 'buy'), more(4, RICE)]],
    ['the same id twice', [start(0, 'a', 'look'), start(1, 'a', 'buy'), more(0, TEA), more(1, RICE)]],
    ['the same id twice, no index', [start(null, 'a', 'look', TEA), start(null, 'a', 'buy', RICE)]],
    [
      'a new id in every piece',
      [start(0, 'a', 'look'), more(0, '{"item":', 'b'), more(0, '"tea"}', 'c'), start(0, 'd', 'buy', RICE)],
    ],
    [
      'id and name in every piece',
      [
        start(0, 'a', 'look'),
        more(0, '{"item":', 'a', 'look'),
        more(0, '"tea"}', 'a', 'look'),
        more(0, '', 'a', 'look'),
        start(1, 'b', 'buy'),
        more(1, RICE, 'b', 'buy'),
      ],
    ],
    [
      'the id alone first',
      [
        start(0, 'a', undefined),
        more(0, '', undefined, 'look'),
        more(0, TEA),
        start(0, 'b', undefined),
        more(0, RICE, undefined, 'buy'),
      ],
    ],
    ['the id last', [start(0, undefined, 'look', '{"item":'), more(0, '"tea"}', 'a'), start(1, undefined, 'buy', RICE)]],
    [
      'names in pieces',
      [
        start(0, 'a', 'lo'),
        more(0, '', undefined, 'ok'),
        more(0, TEA),
        start(1, 'b', 'b'),
        more(1, '', 'b', 'uy'),
        more(1, RICE),
      ],
    ],
    [
      'names in pieces, nothing else',
      [start(null, null, 'l'), start(null, null, 'oo'), more(null, '', '', 'k'), more(null, TEA), start(null, null, 'buy', RICE)],
    ],
    [
      'the whole call repeated at the end',
      [start(0, 'a', 'look', TEA), start(1, 'b', 'buy', RICE), [...start(0, 'a', 'look', TEA), ...start(1, 'b', 'buy', RICE)]],
    ],
    ['objects instead of text', [start(0, 'a', 'look', { item: 'tea' }), start(0, 'b', 'buy', { item: 'rice' })]],
  ])('%s', (_, chunks) => expect(textsOf(chunks)).toEqual(BOTH));
});

test('the same tool twice without index and id: complete arguments end a call', () => {
  expect(textsOf([start(null, null, 'buy', TEA), start(null, null, 'buy', RICE)])).toEqual([`buy ${TEA}`, `buy ${RICE}`]);
  const pieces = [
    start(null, null, 'buy'),
    more(null, TEA),
    start(null, null, 'buy'),
    more(null, RICE),
    start(null, null, 'buy'),
  ];
  expect(textsOf(pieces)).toEqual([`buy ${TEA}`, `buy ${RICE}`]);
});

test('two tools without arguments at one index are not one name in two pieces', () => {
  expect(textsOf([start(0, null, 'look'), start(0, null, 'buy')])).toEqual(['look ', 'buy ']);
  expect(textsOf([start(0, null, 'lo'), start(0, null, 'ok')])).toEqual(['look ']);
});

test('ids belong to their call, and a number becomes text', () => {
  expect(callsOf([start(0, 7, 'look', TEA), start(1, undefined, 'buy'), more(1, RICE, 'late')]).map(({ id }) => id)).toEqual([
    '7',
    'late',
  ]);
});

test('a whole message has one call per item, and repeats nothing that was streamed', () => {
  const pieces = new ToolCallPieces();
  const items = [start(null, null, 'look', TEA), start(null, null, 'look', TEA)].flat().map(wire);
  expect(joined(pieces.addWhole(items))).toHaveLength(2);
  expect(pieces.addWhole(items)).toEqual([]);
});

test('many pieces of long arguments take no quadratic time', () => {
  const pieces = new ToolCallPieces(['look']);
  const item = { function: { name: 'look', arguments: '0123456789'.repeat(4) } };
  pieces.add([{ function: { name: 'look', arguments: '{"a":"' } }]);
  const slots = new Set(Array.from({ length: 100_000 }, () => pieces.add([item])[0]!.slot));
  expect([...slots]).toEqual([0]);
  expect(pieces.add([{ function: { name: 'look', arguments: '"}' } }])[0]!.slot).toBe(0);
});

test('the legacy field is a call', () => {
  const pieces = new ToolCallPieces();
  const deltas = [
    { function_call: { name: 'look', arguments: '' } },
    { function_call: { arguments: '{"item":' } },
    { function_call: { name: 'look', arguments: '"tea"}' } },
  ];
  expect(joined(deltas.flatMap((delta) => pieces.add(callItems(delta))))).toEqual([
    { id: undefined, name: 'look', arguments: TEA },
  ]);
});

const SCHEMES = {
  index: {
    dense: (n: number) => n,
    one: (n: number) => n + 1,
    gaps: (n: number) => n * 3 + 2,
    same: () => 0,
    none: () => undefined,
  },
  id: { first: 'first', every: 'every', none: 'none', empty: 'empty' },
  name: { first: 'first', every: 'every', cut: 'cut' },
} as const;

test('calls stay the same however they are cut and numbered', () => {
  const NAMES = ['look', 'look_up', 'buy', 'b', 'shop__look'];
  const call = fc.record({
    name: fc.constantFrom(...NAMES),
    args: fc
      .dictionary(fc.string({ maxLength: 4 }), fc.oneof(fc.string(), fc.integer(), fc.constant({}), fc.constant('}')))
      .map((value) => JSON.stringify(value)),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(call, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...Object.keys(SCHEMES.index)) as fc.Arbitrary<keyof typeof SCHEMES.index>,
      fc.constantFrom(...Object.keys(SCHEMES.id)) as fc.Arbitrary<keyof typeof SCHEMES.id>,
      fc.constantFrom(...Object.keys(SCHEMES.name)) as fc.Arbitrary<keyof typeof SCHEMES.name>,
      fc.infiniteStream(fc.nat(9)),
      (calls, indexes, ids, names, random) => {
        const next = () => random.next().value as number;
        const lists = calls.map(({ name, args, cuts }, number) => {
          const places = [0, ...cuts.map((cut) => Math.round(cut * args.length)), args.length].toSorted((a, b) => a - b);
          const texts = places.slice(1).map((end, at) => args.slice(places[at], end));
          const half = 1 + (next() % name.length);
          const heads: Item[] = names === 'cut' ? [{ name: name.slice(0, half) }, { name: name.slice(half) }] : [{ name }];
          const tails = texts.map((text): Item => ({ args: text, name: names === 'every' ? name : undefined }));
          return [...heads, ...tails].map((item, at): Item => ({
            args: '',
            ...item,
            index: SCHEMES.index[indexes](number),
            id: ids === 'every' || (ids === 'first' && at === 0) ? `id${number}` : ids === 'empty' ? '' : undefined,
          }));
        });
        // Calls alternate only if each piece says which call it belongs to.
        const mayMix = ids === 'every' || !['same', 'none'].includes(indexes);
        const opened = lists.map((list) => list.splice(0, names === 'cut' ? 2 : 1));
        const order: Item[] = [];
        if (mayMix) {
          order.push(...opened.flat());
          while (lists.some((list) => list.length > 0)) order.push(...lists[next() % lists.length]!.splice(0, 1));
        } else {
          for (const [at, list] of lists.entries()) order.push(...opened[at]!, ...list);
        }
        const chunks: Item[][] = [];
        while (order.length > 0) chunks.push(order.splice(0, 1 + (next() % 3)));
        expect(callsOf(chunks, NAMES)).toEqual(
          calls.map(({ name, args }, number) => ({
            id: ['first', 'every'].includes(ids) ? `id${number}` : undefined,
            name,
            arguments: args,
          })),
        );
      },
    ),
    { numRuns: 1000 },
  );
});
