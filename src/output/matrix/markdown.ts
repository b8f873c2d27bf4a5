import type { MatrixReport } from '../../core/matrix/report.ts';
import { markdownCell, markdownTable } from '../table/markdown.ts';
import { countOf } from '../text/count-of.ts';
import { countText } from '../text/number.ts';
import { withSandboxLabel } from '../text/sandbox-label.ts';
import { visibleLine } from '../text/visible.ts';
import { shownJudge } from './judge.ts';
import { failedCells, failedTable, laneTable, summaryLines } from './table.ts';

/** A longer list belongs into another format. */
const MOST_FAILED = 200;

/** Yields the run as Markdown: the lanes, what the figures show, and the cells that did not pass. */
export async function* matrixMarkdown(report: MatrixReport): AsyncGenerator<string> {
  yield `## ${markdownCell(withSandboxLabel(visibleLine(report.source), report.isSandbox))}\n\n`;
  yield markdownTable(laneTable(report));
  yield `\n${summaryLines(report)
    .map((line) => `- ${markdownCell(line)}\n`)
    .join('')}`;
  const judge = shownJudge(report);
  if (judge !== undefined) {
    yield `\n### Judge\n\n${judge.table === undefined ? '' : `${markdownTable(judge.table)}\n`}`;
    yield judge.notes.map(({ text }) => `- ${markdownCell(text)}\n`).join('');
  }
  const { cells, count, notAsked } = await failedCells(report, MOST_FAILED);
  if (count === 0) return;
  yield `\n### Not passed: ${countText(count + notAsked)}\n\n${markdownTable(failedTable(cells, report))}`;
  if (count > cells.length)
    yield `\n${countOf(count - cells.length, 'more cell is', 'more cells are')} in the other formats, such as \`-o csv\`.\n`;
  if (notAsked > 0) yield `\n${countOf(notAsked, 'more cell was', 'more cells were')} not asked.\n`;
}
