import type { Expectation, TestCase } from '../evaluation/test-case.ts';
import { type MatrixCell, matrixCells, type MatrixPlan } from './cell.ts';
import type { CellResult } from './cell-result.ts';

/** Returns whether an expectation of a case compares its answer with those of other cells. */
export function comparesAnswers(testCase: TestCase): boolean {
  return testCase.expectations.some(isCompared);
}

function isCompared({ type, notRun, members }: Expectation): boolean {
  return notRun === undefined && (type === 'select-best' || (type === 'assert-set' && members?.some(isCompared) === true));
}

/** Yields the cells of the plan test by test: those of all its prompts, in all repetitions and lanes. */
export async function* testBlocks(plan: MatrixPlan): AsyncGenerator<MatrixCell[]> {
  let block: MatrixCell[] = [];
  for await (const cell of matrixCells(plan)) {
    const [first] = block;
    if (first !== undefined && first.testCase !== cell.testCase && !isSameTest(first.testCase, cell.testCase)) {
      yield block;
      block = [];
    }
    block.push(cell);
  }
  if (block.length > 0) yield block;
}

function isSameTest(one: TestCase, other: TestCase): boolean {
  return one.testId === other.testId && one.origin.file === other.origin.file;
}

/** Returns the results of a test in groups of one case and one repetition, in their order. */
export function caseGroups(results: readonly CellResult[]): CellResult[][] {
  const groups = new Map<TestCase, Map<number, CellResult[]>>();
  for (const result of results) {
    const { testCase, repetition } = result.cell;
    const ofCase = groups.get(testCase) ?? new Map<number, CellResult[]>();
    groups.set(testCase, ofCase);
    ofCase.set(repetition, [...(ofCase.get(repetition) ?? []), result]);
  }
  return [...groups.values()].flatMap((ofCase) => [...ofCase.values()]);
}

/** Returns the last answers of all answered cells of a test, by repetition. */
export function rivalsIn(results: readonly CellResult[]): ReadonlyMap<number, readonly string[]> {
  const rivals = new Map<number, string[]>();
  if (!results.some(({ cell }) => comparesAnswers(cell.testCase))) return rivals;
  for (const { cell, state, answers } of results)
    if (state === 'answered') rivals.set(cell.repetition, [...(rivals.get(cell.repetition) ?? []), answers.at(-1)!.text]);
  return rivals;
}
