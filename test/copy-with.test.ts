import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { copyWith } from '../src/copy-with.ts';

describe('a copy with added fields', () => {
  it('has the fields of both, and leaves the original as it was', () => {
    const base = { id: 'a', cost: 1 };
    expect(copyWith(base, { cost: 2, state: 'open' })).toEqual({ id: 'a', cost: 2, state: 'open' });
    expect(base).toEqual({ id: 'a', cost: 1 });
  });

  it('has the same hidden class as the next one', () => {
    setFlagsFromString('--allow-natives-syntax');
    const haveSameClass = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (
      one: object,
      other: object,
    ) => boolean;
    const copies = [1, 2].map((id) => copyWith({ id, text: 'a', list: [] }, { outcome: {}, state: 'open' }));
    expect(haveSameClass(copies[0]!, copies[1]!)).toBe(true);
  });
});
