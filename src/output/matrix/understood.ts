import type { EvaluationFile } from '../../core/evaluation/test-case.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns what orx understood of a file, one line each: its form, where prompts and expectations come from, what is not run. */
export function understoodLines(file: EvaluationFile): string[] {
  const { path, format, caseCount, testCount, prompts, summary, notRun, warnings } = file;
  const tests = testCount === caseCount ? '' : ` from ${countOf(testCount, 'test')} and ${countOf(prompts.length, 'prompt')}`;
  return [
    `${path}: ${format}, ${countOf(caseCount, 'case')}${tests}`,
    ...summary.map((line) => `  ${line}`),
    ...notRun.map(
      ({ what, reference, reason, count }) => `  not run: ${what} ${reference} (${reason}), ${countOf(count, 'case')}`,
    ),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].map(visibleLine);
}

/** Returns the rows that cannot be read, one line each, at most `most`. */
export function unreadableLines({ unreadable }: EvaluationFile, most: number): string[] {
  const lines = unreadable
    .slice(0, most)
    .map(({ origin, reason }) => visibleLine(`${origin.file}${origin.line === undefined ? '' : `:${origin.line}`}: ${reason}`));
  return unreadable.length > most ? [...lines, `… and ${countText(unreadable.length - most)} more`] : lines;
}

function countOf(count: number, what: string): string {
  return `${countText(count)} ${what}${count === 1 ? '' : 's'}`;
}
