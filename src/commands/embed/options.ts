import type { VectorEncoding } from '../../apis/embeddings.ts';
import { wholeNumber } from '../../core/settings/parsers.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import { parseTextRows, type TextRowOptions } from '../text-rows/options.ts';
import type { EMBED_FORMATS, EmbedFlags } from './flags.ts';

export interface EmbedCommandOptions extends TextRowOptions {
  words: readonly string[];
  dimensions: number | undefined;
  inputType: string | undefined;
  /** Undefined: numbers in the output, and whatever is cheaper between orx and the API. */
  encoding: VectorEncoding | undefined;
  format: (typeof EMBED_FORMATS)[number];
}

const MOST_DIMENSIONS = 65_536;

export function parseEmbed(input: CommandInput<EmbedFlags>): EmbedCommandOptions {
  const { words, options } = input;
  const { dimensions, inputType, encoding, output, json } = options;
  const format = output ?? (json === true ? 'json' : 'jsonl');
  if (words.some((word) => word.trim() === '')) throw usageError('a text is empty', 'omit it, or check the variable in it');
  if (words.length > 1 && words.includes('-')) throw usageError('- cannot be combined with texts', 'use one of them');
  // `orx embed -` is the usual way to name standard input.
  const isStdin = words.length === 1 && words[0] === '-';
  const texts = isStdin ? [] : words;
  return {
    ...parseTextRows(input, { name: 'embed', hasTexts: texts.length > 0 }),
    words: texts,
    dimensions: dimensions === undefined ? undefined : wholeNumber('--dimensions', 1, MOST_DIMENSIONS)(dimensions),
    inputType,
    encoding,
    format,
  };
}
