import { type CellResult, hasPassed } from '../../core/matrix/cell-result.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { visibleText } from '../text/visible.ts';
import { sumOf } from './cell-json.ts';
import { verdictLines } from './judge.ts';
import { cellReason } from './reason.ts';

/** Longest answer that a failure quotes, in UTF-16 units. */
const LONGEST_QUOTE = 4_000;

interface SuiteCounts {
  tests: number;
  failures: number;
  errors: number;
  ms: number;
}

/**
 * Yields the run as JUnit XML, the form that CI systems read: a test suite for each lane, a test case for each cell. Expectations
 * that fail or do not run are failures; answers that never came are errors.
 */
export async function* matrixJunit(report: MatrixReport): AsyncGenerator<string> {
  const counts = await suiteCounts(report);
  const sum = (key: keyof SuiteCounts): number => counts.reduce((all, one) => all + one[key], 0);
  const all = { tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), ms: sum('ms') };
  const timestamp = new Date(report.startedAt).toISOString().slice(0, 19);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(report.source)}" ${countsText(all)}>\n`;
  for (const [index, { name }] of report.lanes.entries()) {
    yield `  <testsuite name="${attribute(name)}" ${countsText(counts[index]!)} skipped="0" timestamp="${timestamp}">\n`;
    for await (const result of report.cells(index)) yield testCaseText(result, name, report.repetitions);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

/** The counts are written before the cells, so the cells are read once for them. */
async function suiteCounts(report: MatrixReport): Promise<SuiteCounts[]> {
  const counts = report.lanes.map((): SuiteCounts => ({ tests: 0, failures: 0, errors: 0, ms: 0 }));
  for await (const result of report.cells()) {
    const suite = counts[result.cell.lane]!;
    const kind = kindOf(result);
    suite.tests += 1;
    if (kind === 'failure') suite.failures += 1;
    if (kind === 'error') suite.errors += 1;
    suite.ms += sumOf(result.answers, 'durationMs') ?? 0;
  }
  return counts;
}

function countsText({ tests, failures, errors, ms }: SuiteCounts): string {
  return `tests="${tests}" failures="${failures}" errors="${errors}" time="${seconds(ms)}"`;
}

function kindOf(result: CellResult): 'passed' | 'failure' | 'error' {
  if (result.state !== 'answered' || result.outcome === undefined) return 'error';
  return result.outcome.verdict === 'none' || hasPassed(result) ? 'passed' : 'failure';
}

function testCaseText(result: CellResult, lane: string, repetitions: number): string {
  const { cell, answers, state, outcome, verdicts } = result;
  const { id, label, origin } = cell.testCase;
  const named = label === undefined || label === id ? id : `${id}: ${label}`;
  const name = repetitions === 1 ? named : `${named} #${cell.repetition}`;
  const place = origin.line === undefined ? '' : ` file="${attribute(origin.file)}" line="${origin.line}"`;
  const time = seconds(sumOf(answers, 'durationMs') ?? 0);
  const head = `    <testcase name="${attribute(name)}" classname="${attribute(lane)}"${place} time="${time}"`;
  const kind = kindOf(result);
  const lines = verdictLines(verdicts);
  const said = lines.length === 0 ? '' : `      <system-out>${xmlText(lines.join('\n'))}</system-out>\n`;
  if (kind === 'passed') return said === '' ? `${head}/>\n` : `${head}>\n${said}    </testcase>\n`;
  const reason = cellReason(result) ?? '';
  const type = kind === 'error' ? state : outcome?.verdict === 'not-run' ? 'not-run' : 'expectation';
  const message = attribute(reason.split('\n', 1)[0]!);
  return `${head}>\n      <${kind} message="${message}" type="${type}">${xmlText(`${reason}${quoteOf(answers.at(-1)?.text ?? '')}`)}</${kind}>\n${said}    </testcase>\n`;
}

function quoteOf(text: string): string {
  if (text === '') return '';
  return `\n\nanswer:\n${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Returns text for the content of an element. Characters that XML forbids, or that hide something, become visible ones. */
function xmlText(text: string): string {
  return visibleText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Returns text for an attribute, where a parser would turn line ends into spaces. */
function attribute(text: string): string {
  return xmlText(text).replace(/[\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
