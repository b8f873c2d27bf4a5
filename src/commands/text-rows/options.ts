import type { RowForm } from '../../core/text-rows/read-rows.ts';
import type { CatalogueSettings, ConnectionSettings, LedgerSettings, RoutingSettings } from '../../core/settings/groups.ts';
import { wholeNumber } from '../../core/settings/parsers.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { TextRowFlags } from './flags.ts';

/** The settings of requests that are not chats. */
export type TextRowSettings = ConnectionSettings & CatalogueSettings & RoutingSettings & LedgerSettings;

/** How texts are read and sent. */
export interface TextRowOptions {
  settings: TextRowSettings;
  model: string;
  /** Paths; `-` is standard input. */
  files: readonly string[];
  form: RowForm | undefined;
  fields: readonly string[];
  batchSize: number | undefined;
  batchTokens: number | undefined;
  concurrency: number | undefined;
  isQuiet: boolean;
  showsReceipt: boolean;
}

const MOST_PER_BATCH = 2048;
const MOST_BATCH_TOKENS = 1_000_000;
const MOST_AT_ONCE = 32;

/** Returns the options that `orx embed` and `orx rerank` share. `files` is empty when the texts are arguments. */
export function parseTextRows(
  { options, settings, terminal }: CommandInput<TextRowFlags>,
  { name, hasTexts }: { name: 'embed' | 'rerank'; hasTexts: boolean },
): TextRowOptions {
  const { model, file = [], inputFormat = 'auto', field = ['text'], batchSize, batchTokens, concurrency } = options;
  if (model === undefined)
    throw usageError(
      `orx ${name} needs a model`,
      'name one: -m AUTHOR/MODEL, or VENDOR:MODEL',
      name === 'embed'
        ? 'list them: orx models --output-modalities embeddings'
        : 'list them: orx models --output-modalities rerank',
    );
  if (hasTexts && file.length > 0) throw usageError('texts and -f cannot be combined', 'use one of them');
  const files = hasTexts ? [] : file.length === 0 ? ['-'] : file;
  if (files.filter((path) => path === '-').length > 1) throw usageError('standard input can be read only once');
  const isTyped = files.includes('-') && terminal.hasKeyboard;
  if (isTyped && file.length === 0)
    throw usageError(`orx ${name} got no texts`, `pipe in lines or JSONL: cat FILE | orx ${name} …`, 'read a file: -f FILE');
  const count = (flag: string, most: number, text: string | undefined): number | undefined =>
    text === undefined ? undefined : wholeNumber(flag, 1, most)(text);
  const isQuiet = options.quiet === true;
  return {
    settings,
    model,
    files,
    form: inputFormat === 'auto' ? undefined : inputFormat,
    fields: field,
    batchSize: count('--batch-size', MOST_PER_BATCH, batchSize),
    batchTokens: count('--batch-tokens', MOST_BATCH_TOKENS, batchTokens),
    concurrency: count('--concurrency', MOST_AT_ONCE, concurrency),
    isQuiet,
    showsReceipt: !isQuiet && (options.usage === true || terminal.stderr.isTerminal),
  };
}
