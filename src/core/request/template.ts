import { usageError } from '../../errors.ts';

/** A prompt that is stored for reuse. It only holds values: nothing in it is run. */
export interface Template {
  description?: string | undefined;
  /** The prompt; `{{input}}` stands for what is piped in and typed, which else follows it. */
  prompt: string;
  system?: string | undefined;
  /** Values of its variables where none are given. */
  defaults: Readonly<Record<string, string>>;
  /** Settings by their keys, as text that their own rules read. */
  settings: Readonly<Record<string, string>>;
  /** A schema as `--schema` takes it. */
  schema?: string | undefined;
  /** Wire fields, as `-O` takes them. */
  options: Readonly<Record<string, unknown>>;
}

const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}/gu;
/** The variable that is filled with what is piped in and typed. */
const INPUT = 'input';

/** The names of its variables, without the input, in the order in which they come. */
export function templateVariables({ prompt, system = '' }: Pick<Template, 'prompt' | 'system'>): readonly string[] {
  const names = [...`${system}\n${prompt}`.matchAll(VARIABLE)].map(([, name]) => name!);
  return [...new Set(names)].filter((name) => name !== INPUT);
}

/** Whether it says itself where the input belongs. */
export function takesInput({ prompt, system = '' }: Pick<Template, 'prompt' | 'system'>): boolean {
  return [...`${system}\n${prompt}`.matchAll(VARIABLE)].some(([, name]) => name === INPUT);
}

/**
 * Prompt and system prompt with every variable filled, each text once: what stands in a value is no variable. Throws kind `usage` for
 * variables without a value and for values without a variable, all of them named.
 */
export function fillTemplate(
  template: Template,
  given: Readonly<Record<string, string>>,
  input: string | undefined,
): { prompt: string; system: string | undefined } {
  const names = templateVariables(template);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const known = names.length === 0 ? 'it has no variables' : `its variables: ${names.join(', ')}`;
    throw usageError(`the template has no variable ${unknown.join(', ')}`, known);
  }
  const values: Record<string, string> = { ...template.defaults, ...given };
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw usageError(
      `the template needs ${missing.length === 1 ? 'a value' : 'values'} for ${missing.join(', ')}`,
      `give ${missing.length === 1 ? 'it' : 'them'}: ${missing.map((name) => `-p ${name}=…`).join(' ')}`,
    );
  }
  if (takesInput(template) && input === undefined) {
    throw usageError('the template needs an input', 'pipe it in, or give it as words or with -f');
  }
  const fill = (text: string): string =>
    text.replace(VARIABLE, (_, name: string) => (name === INPUT ? (input ?? '') : values[name]!));
  const own = fill(template.prompt).trim();
  const rest = takesInput(template) ? '' : (input ?? '');
  return {
    prompt: [own, rest].filter((text) => text !== '').join('\n\n'),
    system: template.system === undefined ? undefined : fill(template.system),
  };
}
