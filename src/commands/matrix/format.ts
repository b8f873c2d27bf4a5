export type MatrixFormat = 'table' | 'json' | 'jsonl' | 'csv' | 'markdown' | 'junit' | 'html';

/** The flags that choose a format. */
interface FormatFlags {
  json?: true | undefined;
  output?: MatrixFormat | 'text' | undefined;
  outFile?: string | undefined;
}

/** Returns the format of the output: that of the flags, otherwise that of the file's extension, otherwise a table. */
export function formatOf({ json, output, outFile }: FormatFlags): MatrixFormat {
  if (json === true) return 'json';
  if (output === undefined || output === 'text') return output === undefined ? (formatByName(outFile) ?? 'table') : 'table';
  return output;
}

/** Returns the format for a file extension. */
function formatByName(path: string | undefined): MatrixFormat | undefined {
  const [, ending = ''] = /\.([a-z]+)$/i.exec(path ?? '') ?? [];
  return ENDINGS[ending.toLowerCase()];
}

const ENDINGS: Readonly<Record<string, MatrixFormat>> = {
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  csv: 'csv',
  md: 'markdown',
  xml: 'junit',
  html: 'html',
  htm: 'html',
};
