import type { EvaluationFile } from '../../core/evaluation/test-case.ts';
import { countOf } from '../text/count-of.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns what orx understood of a file, one line each: its form, where prompts and expectations come from, what is not run. */
export function understoodLines(file: EvaluationFile): string[] {
  const { path, format, caseCount, testCount, summary, notRun, warnings } = file;
  const tests = testCount === caseCount ? '' : ` from ${originText(file)}`;
  return [
    `${path}: ${format}, ${countOf(caseCount, 'case')}${tests}`,
    ...summary.map((line) => `  ${line}`),
    ...notRun.map(
      ({ what, reference, reason, count, of }) =>
        `  not run: ${what} ${reference} (${reason})${of === undefined || count === 0 ? '' : `, ${countOf(count, of)}`}`,
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

/** Returns what the cases are made of. Without prompts of a configuration or of the user, a row has its own. */
function originText({ testCount, prompts, lanes }: EvaluationFile): string {
  const tests = countOf(testCount, lanes === undefined ? 'row' : 'test');
  return lanes === undefined && prompts.length === 0 ? tests : `${tests} and ${countOf(prompts.length, 'prompt')}`;
}
