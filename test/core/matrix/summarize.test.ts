import { expect, test } from 'vitest';
import { MatrixSummary } from '../../../src/core/matrix/summarize.ts';
import { answerRecord, cellResult, cellsOf, EXPECTED, testCase } from '../../support/matrix-report.ts';

function summary(rows: readonly string[]) {
  const all = new MatrixSummary(rows.map((_, index) => ({ name: `lane ${index}`, model: 'm' })));
  for (const cell of cellsOf(rows)) all.add(cell);
  return all.lanes();
}

test('counts cells by what became of them; answers that never came do not pass, and are no part of the rate', () => {
  const [lane] = summary(['++++++++++++++++--x.']);
  expect(lane).toMatchObject({ expecting: 20, passed: 16, cells: { answered: 18, failed: 1, 'not-asked': 1, empty: 0 } });
  expect(lane?.passRate).toMatchObject({ rate: 16 / 18, n: 18 });
});

test('a rate has the interval of Wilson: 17 of 20 is 64.0 to 94.8%', () => {
  const [lane] = summary([`${'+'.repeat(17)}---`]);
  expect(lane?.passRate?.interval?.lower).toBeCloseTo(0.64, 3);
  expect(lane?.passRate?.interval?.upper).toBeCloseTo(0.948, 3);
});

test('a lane is compared with the first one over the cases that both answered', () => {
  const [first, second] = summary([
    `${'+'.repeat(12)}${'-'.repeat(4)}${'+'.repeat(24)}x`,
    `${'-'.repeat(12)}${'+'.repeat(4)}${'+'.repeat(24)}+`,
  ]);
  expect(first?.difference).toBeUndefined();
  expect(second?.difference).toMatchObject({ n: 40, onlyFirst: 4, onlySecond: 12, conclusion: 'none' });
  expect(second?.difference?.p).toBeCloseTo(0.0768, 4);
});

test('repetitions of a case are one item', () => {
  const all = new MatrixSummary([{ name: 'a', model: 'm' }]);
  const one = testCase('1', { expectations: EXPECTED });
  for (const [index, mark] of (['+', '+', '-', '+'] as const).entries()) {
    const result = cellResult(one, 0, mark, { key: `${index}` });
    all.add({ ...result, cell: { ...result.cell, repetition: index + 1 } });
  }
  expect(all.lanes()[0]?.passRate).toMatchObject({ rate: 0.75, n: 1, interval: undefined });
});

test('an answer that several cells share is paid once, and the questions of a case add up', () => {
  const all = new MatrixSummary([{ name: 'a', model: 'm' }]);
  for (const id of ['1', '2'])
    all.add({
      ...cellResult(testCase(id), 0, '+'),
      answers: [answerRecord('same'), answerRecord(`own ${id}`, { cost: '0.02' })],
    });
  all.add({ ...cellResult(testCase('3'), 0, '+'), answers: [answerRecord('other', { cost: undefined })] });
  const [lane] = all.lanes();
  expect(lane?.cost.toFixed()).toBe('0.041');
  expect(lane?.hasUnknownCost).toBe(true);
  expect(lane?.durationMs).toMatchObject({ n: 3, median: 3000, low: 1500, high: 3000 });
  expect(lane?.passRate).toBeUndefined();
});

test('scores of a metric are averaged over the cells', () => {
  const all = new MatrixSummary([{ name: 'a', model: 'm' }]);
  for (const [id, score] of [
    ['1', 1],
    ['2', 0.5],
  ] as const) {
    const result = cellResult(testCase(id, { expectations: EXPECTED }), 0, '+');
    all.add({ ...result, outcome: { ...result.outcome!, metrics: { tone: score } } });
  }
  expect(all.lanes()[0]?.metrics).toEqual(new Map([['tone', 0.75]]));
});

test('cases of one group count as one: four cases from two documents have the interval of two', () => {
  const marks = { a: ['+', '+', '-', '-'], b: ['-', '-', '-', '-'] } as const;
  const clusterOf = ({ id }: { id: string }): string => (Number(id) < 2 ? 'one' : 'two');
  const all = new MatrixSummary(
    [
      { name: 'a', model: 'm' },
      { name: 'b', model: 'm' },
    ],
    clusterOf,
  );
  for (const [index, mark] of marks.a.entries()) {
    const one = testCase(`${index}`, { expectations: EXPECTED });
    all.add(cellResult(one, 0, mark));
    all.add(cellResult(one, 1, marks.b[index]!));
  }
  const [first, second] = all.lanes();
  // The t interval over the two means, 1 and 0, is wider than all shares.
  expect(first?.passRate).toEqual({ rate: 0.5, n: 4, clusters: 2, interval: { lower: 0, upper: 1 } });
  expect(second?.difference).toMatchObject({ estimate: -0.5, n: 2, clusters: 2, conclusion: 'too-few' });
  expect(second?.difference?.standardError).toBeCloseTo(0.5, 9);
});

test('groups of one case each give the t interval over the cases', () => {
  const rows = [`${'+'.repeat(20)}${'-'.repeat(12)}`, `${'-'.repeat(10)}${'+'.repeat(10)}${'-'.repeat(12)}`];
  const names = rows.map((_, index) => ({ name: `lane ${index}`, model: 'm' }));
  const [plain, clustered] = [new MatrixSummary(names), new MatrixSummary(names, () => undefined)];
  for (const cell of cellsOf(rows)) {
    plain.add(cell);
    clustered.add(cell);
  }
  const [one, other] = [plain.lanes()[1]?.difference, clustered.lanes()[1]?.difference];
  expect(other).toMatchObject({ estimate: one?.estimate, clusters: 32, test: 'student' });
  expect(other?.interval?.lower).toBeCloseTo(one!.studentInterval!.lower, 9);
  expect(other?.interval?.upper).toBeCloseTo(one!.studentInterval!.upper, 9);
});
