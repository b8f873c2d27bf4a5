import { gzipSync } from 'node:zlib';
import type { CellResult } from '../../../core/matrix/cell-result.ts';
import type { MatrixReport } from '../../../core/matrix/report.ts';
import { dataBlock } from '../../html/data-block.ts';
import { escapeHtml, type PageExtras, pageEnd, pageStart } from '../../html/page.ts';
import { withSandboxLabel } from '../../text/sandbox-label.ts';
import { visibleLine } from '../../text/visible.ts';
import { pageDiff } from './browser/page-diff.ts';
import { pageRows } from './browser/page-rows.js';
import { pageScript } from './browser/page-script.js';
import { pageTexts } from './browser/page-texts.ts';
import { pageViews } from './browser/page-view.ts';
import { footHtml } from './conditions.ts';
import { answersHtml } from './controls.ts';
import type { IndexRow, TextRow } from './data.ts';
import { collectPageFacts } from './facts.ts';
import { overviewHtml } from './overview.ts';
import { pageRow } from './row-data.ts';
import { pageCss } from './style.ts';

/** Cells in a block of data. */
const CELLS_AT_ONCE = 200;
/** A block ends earlier if its texts are longer than this, in UTF-16 units. */
const LONGEST_BLOCK = 1_000_000;
/** Blocks after this many units are compressed, so that a page of thousands of long answers stays usable. */
const UNCOMPRESSED = 20_000_000;

/** The functions run in the browser. Each uses nothing from outside, so its source is all that it needs. */
const SCRIPT = `(${String(pageScript)})({views:${String(pageViews)},differ:${String(pageDiff)},rows:${String(pageRows)},texts:${String(pageTexts)}});`;

/**
 * Yields a run as one self-contained page. Reads the cells twice and holds one block of them, so memory does not grow with their
 * number. Text from outside is data in blocks that nothing executes, or escaped markup.
 */
export async function* matrixPage(report: MatrixReport): AsyncGenerator<string> {
  const facts = await collectPageFacts(report);
  const title = withSandboxLabel(`orx compare: ${visibleLine(report.source)}`, report.isSandbox);
  const extras: PageExtras = { css: pageCss(report.lanes.length), script: SCRIPT, sources: 'img-src data:' };
  yield pageStart(title, extras);
  yield `<header class="inside">\n<h1>${escapeHtml(title)}</h1>\n${overviewHtml(report, facts)}</header>\n`;
  yield answersHtml(report, facts);
  yield footHtml(report);
  yield dataBlock('facts', { lanes: report.lanes.map(({ name }) => ({ name: visibleLine(name) })), tags: facts.tags });
  yield* dataBlocks(report);
  yield pageEnd(extras);
}

async function* dataBlocks(report: MatrixReport): AsyncGenerator<string> {
  let index: IndexRow[] = [];
  let texts: TextRow[] = [];
  let [cells, units, written] = [0, 0, 0];
  const flush = (): string => {
    const isLarge = written + units > UNCOMPRESSED;
    const block = dataBlock('index', index) + (isLarge ? compressedBlock(texts) : dataBlock('texts', texts));
    written += units;
    [index, texts, cells, units] = [[], [], 0, 0];
    return block;
  };
  for await (const row of rowsOf(report)) {
    const { index: own, texts: text } = pageRow(row, report.repetitions > 1);
    index.push(own);
    texts.push(text);
    cells += row.length;
    units += unitsOf(text);
    if (cells >= CELLS_AT_ONCE || units >= LONGEST_BLOCK) yield flush();
  }
  if (index.length > 0) yield flush();
}

/** Yields the cells of each repetition of each case. */
async function* rowsOf(report: MatrixReport): AsyncGenerator<CellResult[]> {
  let row: CellResult[] = [];
  for await (const result of report.cells()) {
    const { testCase, repetition } = result.cell;
    const before = row[0]?.cell;
    if (before !== undefined && (before.testCase !== testCase || before.repetition !== repetition)) {
      yield row;
      row = [];
    }
    row.push(result);
  }
  if (row.length > 0) yield row;
}

function compressedBlock(texts: readonly TextRow[]): string {
  const packed = gzipSync(JSON.stringify(texts)).toString('base64');
  return `<script type="application/gzip" class="texts">${packed}</script>\n`;
}

function unitsOf({ prompt, cells }: TextRow): number {
  const sum = (parts: readonly { text: string }[]): number => parts.reduce((units, { text }) => units + text.length, 0);
  return (
    sum(prompt) +
    sum(cells) +
    cells.reduce((units, { html, whole = '', more }) => units + html.length + whole.length + sum(more), 0)
  );
}
