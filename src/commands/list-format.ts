import { OUTPUT_MODALITIES } from '../core/settings/closed-lists.ts';
import { Option } from './commander.ts';
import { common } from './help-facts.ts';

/**
 * Declares `-o` of a list of models. `--output` used to be the filter by output modality. Modality names, which are no format
 * names, still mean that, see `withModalities`.
 */
export function listFormatOption<const F extends readonly string[]>(description: string, formats: F) {
  const option = common(new Option('-o, --output <format>', description)).choices(formats);
  const choose = option.parseArg;
  option.parseArg = <T>(text: string, before: T): T => (isModalities(text) ? (text as T) : (choose?.(text, before) as T));
  return option;
}

/** Returns the flags with the meaning of `--output` resolved: a format, or in its old sense the filter `--output-modalities`. */
export function withModalities<F extends { output?: string; outputModalities?: string }>(options: F): F {
  const { output, ...others } = options;
  if (output === undefined || !isModalities(output)) return options;
  return { ...others, outputModalities: options.outputModalities ?? output } as F;
}

function isModalities(text: string): boolean {
  return text.split(',').every((name) => OUTPUT_MODALITIES.some((known) => known === name.trim().toLowerCase()));
}
