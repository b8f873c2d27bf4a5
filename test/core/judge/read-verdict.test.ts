import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVerdict } from '../../../src/core/judge/read-verdict.ts';
import { GRADE_TASK, SCORE_TASK } from '../../../src/core/judge/tasks.ts';

describe('a verdict', () => {
  test.each([
    ['a whole JSON object', '{"reason":"Shorter.","verdict":"A"}', 'A'],
    ['a fence around it', '```json\n{"reason": "x", "verdict": "B"}\n```', 'B'],
    ['prose around it', 'Here it is:\n{"reason": "x", "verdict": "tie"}\nThank you.', 'tie'],
    ['braces in the reason', '{"reason":"uses } and {","verdict":"A"} ', 'A'],
    ['the last of several objects', '{"verdict":"A"} on second thought {"verdict":"B"}', 'B'],
    ['a nested object', '{"result":{"reason":"x","verdict":"B"}}x', 'B'],
    ['an object that ends in the middle is skipped', '{"verdict":"A"}\n{"reason":"B is', 'A'],
    ['reasoning before it', '<think>[[B]] or {"verdict":"B"}</think>{"verdict":"A"}', 'A'],
    ['reasoning without a start', 'maybe [[B]]</think>\n[[A]]', 'A'],
    ['a mark', 'Both are fine, but [[B]]', 'B'],
    ['the last mark', 'I would say [[A]]... no: [[C]]', 'tie'],
    ['grades', 'My verdict is [[A>>B]]', 'A'],
    ['a grade for the other one', '[[A<B]]', 'B'],
    ['a grade without a winner', '[[A=B]]', 'tie'],
    ['a line', 'Long reasoning.\n\n**Verdict:** B', 'B'],
    ['the last line', 'Verdict: A\nwait\nFinal verdict: Answer B.', 'B'],
    ['a single letter', ' b ', 'B'],
    ['a name in words', 'Answer (a)', 'A'],
    ['words at the end', 'A is long. Therefore, Answer B is clearly better.', 'B'],
  ])('%s', (_, reply, verdict) => {
    expect(readVerdict(reply)).toBe(verdict);
  });

  test.each([
    ['nothing', ''],
    ['only reasoning', '<think>{"verdict":"A"}'],
    ['an illegal value', '{"reason":"x","verdict":"neither"}'],
    ['a missing field', '{"reason":"[[A]] is better","winner":"A"}'],
    ['two that contradict each other', '{"reason":"x","verdict":"A"}\n\n[[B]]'],
    ['an object in a broken one, before another verdict', '{"reason":"it says {"verdict":"B"}",\n"verdict":"A"}'],
    ['part of a word', 'INCORRECT. Absolutely. Verdict: Awful'],
    ['a mark with the same letter twice', '[[A>A]]'],
    ['a plain refusal', 'I cannot compare these answers.'],
    ['both', 'Therefore, both Answer A and Answer B are equally good.'],
  ])('none in %s', (_, reply) => {
    expect(readVerdict(reply)).toBeUndefined();
  });

  test('a reply full of braces is read at once', () => {
    expect(readVerdict('{'.repeat(1_000_000))).toBeUndefined();
    expect(readVerdict(`${'{"a":'.repeat(200_000)} [[A]]`)).toBe('A');
  });

  test('any text gives a legal verdict or none', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '"verdict"',
      ':',
      '"A"',
      '[[',
      'B',
      ']]',
      '\n',
      'verdict: ',
      '<think>',
      '</think>',
      '```',
      'tie',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
        expect(['A', 'B', 'tie', undefined]).toContain(readVerdict(parts.join('')));
      }),
    );
  });

  test('what a schema produces is always read, whatever the reason contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('A', 'B', 'tie'), (reason, verdict) => {
        expect(readVerdict(JSON.stringify({ reason, verdict }))).toBe(verdict);
      }),
    );
  });
});

test('a score is a whole number from 1 to 10', () => {
  const read = SCORE_TASK.read;
  expect([read('{"reason":"x","score":7}'), read('[[10]]'), read('Good.\nScore: 8/10'), read(' 3 ')]).toEqual([7, 10, 8, 3]);
  expect([read('{"score":11}'), read('{"score":"7"}'), read('Score: 7.5'), read('12'), read(''), read('seven')]).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});

test('a grade needs `pass`, so that a reply without it never passes', () => {
  const read = GRADE_TASK.read;
  expect(read('{"reason":"x","grade":{"pass":true,"score":0.75}}')).toEqual({ isPassed: true, score: 0.75 });
  expect(read('```\n{"pass": false, "reason": "x"}\n```')).toEqual({ isPassed: false, score: 0 });
  expect(read('so: {"pass": true, "score": 1} .')).toEqual({ isPassed: true, score: 1 });
  expect([read('{"score":1}'), read('{"pass":"true"}'), read('{"pass":true,"score":9}'), read('yes')]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
});
