import { usageError } from '../errors.ts';
import { type Command, type FlagsOf, withFlags } from './commander.ts';

const TABLE_FORMATS = ['table', 'json', 'csv', 'markdown'] as const;

export type TableFormat = (typeof TABLE_FORMATS)[number];

/** Declares `-o` and `--json` on a command that shows a table. */
export function addFormatOptions<W extends unknown[], F extends Record<string, unknown>, O extends Record<string, unknown>>(
  command: Command<W, F, O>,
  jsonDescription: string,
): Command<W, F & FormatFlags, O> {
  return withFlags(command, (plain) => formatFlags(plain, jsonDescription));
}

export type FormatFlags = FlagsOf<typeof formatFlags>;

function formatFlags(command: Command, jsonDescription = '') {
  return command
    .option('-o, --output <format>', 'format: table, json, csv or markdown (default: table)')
    .option('--json', jsonDescription);
}

/** Returns the requested format. Throws a usage error for an unknown format, and for two formats. */
export function tableFormat({ output, json }: FormatFlags): TableFormat {
  const format = TABLE_FORMATS.find((name) => name === (output ?? (json === true ? 'json' : 'table')));
  if (format === undefined) throw usageError(`-o must be one of ${TABLE_FORMATS.join(', ')}, not "${output}"`);
  if (json === true && format !== 'json') throw usageError(`--json cannot be combined with -o ${format}`, 'omit one of them');
  return format;
}
