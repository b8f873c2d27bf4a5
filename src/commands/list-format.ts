import { Option } from 'commander';
import { OUTPUT_MODALITIES } from '../core/settings/closed-lists.ts';

/**
 * `-o` of a list of models. `--output` once was the filter by what a model makes: such words, which no format is called by, still mean
 * that, see `withModalities`.
 */
export function listFormatOption(description: string, formats: readonly string[]): Option {
  const option = new Option('-o, --output <format>', description).choices(formats);
  const choose = option.parseArg;
  option.parseArg = <T>(text: string, before: T): T => (isModalities(text) ? (text as T) : (choose?.(text, before) as T));
  return option;
}

/** The options with what `--output` means: a format, or in its old sense the filter `--output-modalities`. */
export function withModalities(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { output, ...others } = options;
  if (typeof output !== 'string' || !isModalities(output)) return options;
  return { ...others, outputModalities: others['outputModalities'] ?? output };
}

function isModalities(text: string): boolean {
  return text.split(',').every((name) => OUTPUT_MODALITIES.some((known) => known === name.trim().toLowerCase()));
}
