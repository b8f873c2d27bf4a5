import { errorJson } from '../chat/answer-json.ts';
import type { RequestTotals } from '../../core/text-rows/request-totals.ts';
import { rowJson, type RowFault, type InputRow } from '../../core/text-rows/row.ts';
import { floatListText, floatsToBase64 } from '../../text/float32.ts';
import { csvLines, type CsvRow } from '../text/csv.ts';
import { jsonLine, withEscapes } from '../text/json.ts';
import { requestSumsJson } from './receipt.ts';

interface WriterOptions {
  /** Vectors as base64 instead of numbers. */
  asBase64: boolean;
  /** The vectors are simulated: each row has a field for that. */
  isSandbox: boolean;
  asked: string;
}

/** What is known at the end. */
export interface RowResults {
  totals: Pick<RequestTotals, 'sums'>;
  faults: readonly RowFault[];
  failed: readonly { rows: readonly InputRow[]; error: unknown }[];
}

/** Returns the pieces of the output as text, one after the other. */
export interface RowWriter {
  begin: () => string;
  rows: (rows: readonly InputRow[], vectors: readonly (readonly number[])[]) => Promise<string>;
  end: (results: RowResults) => string;
  /** The names of fields that the output has no place for. */
  omitted: () => readonly string[];
}

/** Returns a writer of rows with their vectors. Output in `json` is valid JSON even after a stop. */
export function embeddingWriter(format: 'jsonl' | 'json' | 'csv', options: WriterOptions): RowWriter {
  const { asBase64, isSandbox, asked } = options;
  const valueOf = (vector: readonly number[]): string =>
    asBase64 ? JSON.stringify(floatsToBase64(vector)) : floatListText(vector);
  const lineOf = (row: InputRow, vector: readonly number[]): string =>
    withEscapes(rowJson(row, { embedding: valueOf(vector), ...(isSandbox && { sandbox: 'true' }) }));
  if (format === 'csv') return csvWriter((vector) => (asBase64 ? floatsToBase64(vector) : floatListText(vector)));
  if (format === 'jsonl')
    return {
      begin: () => '',
      rows: async (rows, vectors) => rows.map((row, at) => `${lineOf(row, vectors[at]!)}\n`).join(''),
      end: () => '',
      omitted: () => [],
    };
  let separator = '\n';
  return {
    begin: () => '{"data":[',
    async rows(rows, vectors) {
      const lines = rows.map((row, at) => {
        const line = separator + lineOf(row, vectors[at]!);
        separator = ',\n';
        return line;
      });
      return lines.join('');
    },
    end: (results) => `\n],${jsonLine(resultsJson(results, asked, isSandbox)).slice(1)}`,
    omitted: () => [],
  };
}

/** Returns what follows the rows in JSON. */
export function resultsJson({ totals, faults, failed }: RowResults, asked: string, isSandbox: boolean): Record<string, unknown> {
  const sums = totals.sums();
  return {
    model: sums.model ?? null,
    requested_model: asked,
    provider: sums.provider ?? null,
    usage: requestSumsJson(sums),
    ...(faults.length > 0 && { unreadable: faults }),
    ...(failed.length > 0 && {
      failed: failed.map(({ rows, error }) => ({ indexes: rows.map(({ index }) => index), error: errorJson(error) })),
    }),
    ...(isSandbox && { sandbox: true }),
  };
}

/** Columns are the fields of the first row, and `embedding`: as a JSON list, which databases and data frames can read. */
function csvWriter(valueOf: (vector: readonly number[]) => string): RowWriter {
  let columns: readonly string[] | undefined;
  const omitted = new Set<string>();
  return {
    begin: () => '',
    async rows(rows, vectors) {
      const lines: CsvRow[] = [];
      for (const [at, row] of rows.entries()) {
        const fields = JSON.parse(rowJson(row, {})) as Record<string, unknown>;
        if (columns === undefined) {
          columns = Object.keys(fields).filter((name) => name !== 'embedding');
          lines.push([...columns, 'embedding']);
        }
        for (const name of Object.keys(fields)) if (name !== 'embedding' && !columns.includes(name)) omitted.add(name);
        lines.push([...columns.map((name) => csvCell(fields[name])), valueOf(vectors[at]!)]);
      }
      return csvLines(lines);
    },
    end: () => '',
    omitted: () => [...omitted],
  };
}

/** Returns a JSON value as a cell. */
export function csvCell(value: unknown): CsvRow[number] {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean);
}
