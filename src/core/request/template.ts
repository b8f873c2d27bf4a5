import { usageError } from '../../errors.ts';

/** A stored prompt. It only contains values: nothing in it is executed. */
export interface Template {
  description?: string | undefined;
  /** The prompt. `{{input}}` is replaced by the piped and typed input; without it, the input follows the prompt. */
  prompt: string;
  system?: string | undefined;
  /** Default values of its variables. */
  defaults: Readonly<Record<string, string>>;
  /** Settings by key, as text that each setting parses itself. */
  settings: Readonly<Record<string, string>>;
  /** A schema as `--schema` accepts it. */
  schema?: string | undefined;
  /** Wire fields, as `-O` accepts them. */
  options: Readonly<Record<string, unknown>>;
}

const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}/gu;
/** The variable that contains the piped and typed input. */
const INPUT = 'input';

/** Returns the names of the variables except `input`, in order of appearance. */
export function templateVariables({ prompt, system = '' }: Pick<Template, 'prompt' | 'system'>): readonly string[] {
  const names = [...`${system}\n${prompt}`.matchAll(VARIABLE)].map(([, name]) => name!);
  return [...new Set(names)].filter((name) => name !== INPUT);
}

/** Returns whether the template contains `{{input}}`. */
export function takesInput({ prompt, system = '' }: Pick<Template, 'prompt' | 'system'>): boolean {
  return [...`${system}\n${prompt}`.matchAll(VARIABLE)].some(([, name]) => name === INPUT);
}

/**
 * Returns the prompt and the system prompt with every variable replaced. Values are not expanded again. Throws kind `usage` that names every
 * variable without a value and every value without a variable.
 */
export function fillTemplate(
  template: Template,
  given: Readonly<Record<string, string>>,
  input: string | undefined,
): { prompt: string; system: string | undefined } {
  const names = templateVariables(template);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const known =
      names.length === 0 ? 'remove -p: the template has no variables' : `use one of these variables: ${names.join(', ')}`;
    throw usageError(`the template has no variable ${unknown.join(', ')}`, known);
  }
  const values: Record<string, string> = { ...template.defaults, ...given };
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw usageError(
      `the template needs ${missing.length === 1 ? 'a value' : 'values'} for ${missing.join(', ')}`,
      `set ${missing.length === 1 ? 'it' : 'them'}: ${missing.map((name) => `-p ${name}=VALUE`).join(' ')}`,
    );
  }
  if (takesInput(template) && input === undefined) {
    throw usageError('the template needs an input', 'add a prompt, pipe text in, or name a file: -f FILE');
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
