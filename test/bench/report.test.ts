import { expect, test } from 'vitest';
import { aimOf } from '../../bench/support/targets.js';
import { type Figure, middleAndLeast, notMeasured } from '../../bench/support/figures.js';
import { type Machine, makeReport, reportText } from '../../bench/support/report.js';

const MACHINE: Machine = { node: process.versions.node, platform: 'linux x64', processor: 'any', cores: 2, load: 0.1 };

/** A figure of a target, as a multiple of the limit. */
function figure(target: 'version' | 'pacing-and-metadata' | 'memory', multiple: number, more: Partial<Figure> = {}): Figure {
  const { limit } = aimOf(target);
  return { what: 'any', figure: limit * multiple, unit: 'ms', target, against: { name: 'other', figure: 1 }, ...more };
}

function verdictOf(figures: readonly Figure[], target: string): string | undefined {
  return makeReport(MACHINE, true, figures).targets.find((each) => each.target === target)?.verdict;
}

test('a target is met up to its limit, missed above it, and not measured without a figure', () => {
  expect(verdictOf([figure('version', 1)], 'version')).toBe('met');
  expect(verdictOf([figure('version', 1.01)], 'version')).toBe('MISSED');
  expect(verdictOf([], 'version')).toBe('not measured');
  expect(verdictOf([notMeasured('any', 'a reason', { target: 'memory' })], 'memory')).toBe('not measured');
});

test('of several figures of a target the worst one counts', () => {
  const figures = [figure('pacing-and-metadata', 0.9), figure('pacing-and-metadata', 1.2), figure('pacing-and-metadata', 1)];
  const found = makeReport(MACHINE, true, figures).targets.find(({ target }) => target === 'pacing-and-metadata');
  expect(found).toMatchObject({ verdict: 'MISSED', value: aimOf('pacing-and-metadata').limit * 1.2 });
});

test('an amount without a baseline is compared with the limit itself', () => {
  const { limit } = aimOf('memory');
  expect(verdictOf([{ what: 'any', figure: limit, unit: 'MB', target: 'memory' }], 'memory')).toBe('met');
  expect(verdictOf([{ what: 'any', figure: limit + 1, unit: 'MB', target: 'memory' }], 'memory')).toBe('MISSED');
});

test('the text has a table of start-ups, the other figures, and the targets; the data has the same ratios', () => {
  const taken = middleAndLeast([30, 20, 22], { name: 'node -e 0', values: [11, 10, 12] });
  const report = makeReport(MACHINE, true, [
    { what: 'a: end', ...taken, unit: 'ms', target: 'version', startUp: { program: 'program a', mark: 'end' } },
    { what: 'memory', figure: 70.25, unit: 'MB', target: 'memory' },
    notMeasured('program b', 'not installed'),
  ]);
  expect(report.figures[0]).toMatchObject({ ratio: 2, ratioOfMinima: 2, isMet: false });
  // A report of another Node arrives as JSON.
  const text = reportText([JSON.parse(JSON.stringify(report)) as typeof report]);
  expect(text).toMatch(/^program a +2\.00 \[2\.00\]$/m);
  expect(text).toMatch(/^memory +70\.3 MB +≤ 75 MB +met$/m);
  expect(text).toMatch(/^program b: not measured \(not installed\)$/m);
  expect(text).toMatch(/^orx --version, to its end +2\.00 × +\[2\.00\] +1 × +MISSED$/m);
});

test('several runs share one table of targets', () => {
  const runs = [1, 2].map((multiple) => makeReport(MACHINE, true, [figure('version', multiple)]));
  expect(reportText(runs)).toMatch(/^orx --version, to its end +1\.00 × +1 × +met +2\.00 × +1 × +MISSED$/m);
});
