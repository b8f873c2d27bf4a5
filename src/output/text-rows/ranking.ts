import type { ScoredRow } from '../../core/text-rows/best-first.ts';
import { rowJson, type InputRow } from '../../core/text-rows/row.ts';
import type { Cell, Table } from '../table/table.ts';
import { csvText } from '../text/csv.ts';
import { jsonLine, withEscapes } from '../text/json.ts';
import { visibleLine } from '../text/visible.ts';
import { csvCell, resultsJson, type RowResults } from './embeddings.ts';

const SCORE_DIGITS = 4;
/** A terminal and a column of a table cannot show more. In UTF-16 units. */
const LONGEST_CELL = 2000;

/** Returns documents by relevance as a table. */
export function documentsTable(ranked: readonly ScoredRow[], forTerminal: boolean): Table {
  return {
    columns: [
      { heading: 'score', align: 'right', dropOrder: 0 },
      { heading: 'index', align: 'right', dropOrder: 1 },
      { heading: 'document', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: ranked.map(({ row, score }, at): Cell[] => [
      { text: score.toFixed(SCORE_DIGITS), ...(at === 0 && { tone: 'accent' as const }) },
      { text: String(row.index), tone: 'dim' },
      { text: visibleLine(forTerminal ? row.text.slice(0, LONGEST_CELL) : row.text) },
    ]),
  };
}

/** Returns documents by relevance as JSON lines: the user's fields, `index` and `score`. */
export function rankingLines(ranked: readonly ScoredRow[], isSandbox: boolean): string {
  return ranked.map((one) => `${withEscapes(rankedJson(one, isSandbox))}\n`).join('');
}

/** Returns documents by relevance as one JSON object, like that of `orx embed`. */
export function rankingJson(ranked: readonly ScoredRow[], results: RowResults, asked: string, isSandbox: boolean): string {
  const lines = ranked.map((one) => `\n${withEscapes(rankedJson(one, isSandbox))}`);
  return `{"data":[${lines.join(',')}\n],${jsonLine(resultsJson(results, asked, isSandbox)).slice(1)}`;
}

/** Returns documents by relevance as CSV, with the fields of all of them. */
export function rankingCsv(ranked: readonly ScoredRow[]): Promise<string> {
  const rows = ranked.map((one) => JSON.parse(rankedJson(one, false)) as Record<string, unknown>);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return csvText(
    columns,
    rows.map((row) => columns.map((name) => csvCell(row[name]))),
  );
}

function rankedJson({ row, score }: { row: InputRow; score: number }, isSandbox: boolean): string {
  return rowJson(row, { score: JSON.stringify(score), ...(isSandbox && { sandbox: 'true' }) });
}
