import { wholeNumber } from '../../core/settings/parsers.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import { parseTextRows, type TextRowOptions } from '../text-rows/options.ts';
import type { RERANK_FORMATS, RerankFlags } from './flags.ts';

export interface RerankCommandOptions extends TextRowOptions {
  query: string;
  /** Undefined: all. */
  top: number | undefined;
  format: (typeof RERANK_FORMATS)[number];
}

export function parseRerank(input: CommandInput<RerankFlags>): RerankCommandOptions {
  const { words, options, terminal } = input;
  const { top, output, json } = options;
  const format = output ?? (json === true ? 'json' : terminal.stdout.isTerminal ? 'table' : 'jsonl');
  const query = words.join(' ').trim();
  if (query === '') throw usageError('the query is empty', 'give it as an argument: orx rerank -m MODEL "query" -f FILE');
  return {
    ...parseTextRows(input, { name: 'rerank', hasTexts: false }),
    query,
    top: top === undefined ? undefined : wholeNumber('--top', 1)(top),
    format,
  };
}
