import { describe, expect, test } from 'vitest';
import { checkVote, checkVotedLanes, parseJudge } from '../../../src/commands/judge/options.ts';
import { boardNames } from '../../../src/commands/judge/stored-lane.ts';

describe('--judge', () => {
  test('compares with the first lane unless a flag says otherwise', () => {
    expect(parseJudge({ judge: ' j/judge ' })).toEqual({
      model: 'j/judge',
      rubric: undefined,
      mode: 'against',
      against: undefined,
    });
    expect(parseJudge({ judge: 'j', rubric: 'shorter', against: '2' })).toMatchObject({ rubric: 'shorter', against: '2' });
    expect(parseJudge({ judge: 'j', judgePairs: true })?.mode).toBe('pairs');
    expect(parseJudge({ judge: 'j', judgeScore: true })?.mode).toBe('score');
    expect(parseJudge({})).toBeUndefined();
  });

  test.each([
    [{ rubric: 'x' }, '--rubric needs a judge'],
    [{ against: 'x' }, '--against needs a judge'],
    [{ judgePairs: true as const }, '--judge-pairs needs a judge'],
    [{ judgeScore: true as const }, '--judge-score needs a judge'],
    [{ judge: ' ' }, '--judge needs a model'],
    [{ judge: 'j', rubric: ' ' }, '--rubric is empty'],
  ])('%o is an error', (flags, message) => {
    expect(() => parseJudge(flags)).toThrow(message);
  });
});

describe('--vote', () => {
  const terminal = (hasKeyboard: boolean, isTerminal: boolean) => ({
    hasKeyboard,
    stdout: { isTerminal, isAnimated: false },
    stderr: { isTerminal: true, isAnimated: false },
  });

  test('needs a keyboard and a screen', () => {
    expect(() => checkVote(terminal(true, true))).not.toThrow();
    expect(() => checkVote(terminal(false, true))).toThrow('--vote needs a terminal');
    expect(() => checkVote(terminal(true, false))).toThrow('--vote needs a terminal');
  });

  test('has a key for each answer, and one answer for each lane', () => {
    expect(() => checkVotedLanes([{}, {}])).not.toThrow();
    expect(() => checkVotedLanes([{ repetition: 1 }, { repetition: 2 }])).toThrow('--repeat');
    expect(() => checkVotedLanes(Array.from({ length: 10 }, () => ({})))).toThrow('at most 9 answers');
  });
});

test('lanes have names of their own on the board, and repetitions of a lane share one', () => {
  const long = 'x'.repeat(40);
  const varied = (label: string) => [{ key: 'system', text: label, label }];
  expect(
    boardNames([
      { model: 'a/one', lane: 0, varied: [] },
      { model: 'a/one', lane: 1, varied: varied(`${long}1`), repetition: 1 },
      { model: 'a/one', lane: 1, varied: varied(`${long}1`), repetition: 2 },
      { model: 'a/one', lane: 2, varied: varied(`${long}2`), repetition: 1 },
    ]),
  ).toEqual([
    'a/one',
    `a/one · system ${long.slice(0, 31)}… (1)`,
    `a/one · system ${long.slice(0, 31)}… (1)`,
    `a/one · system ${long.slice(0, 31)}… (2)`,
  ]);
});
