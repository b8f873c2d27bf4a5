import { parse, YAMLParseError } from 'yaml';
import { usageError } from '../../errors.ts';
import type { Template } from './template.ts';

const FRONT_MATTER = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n([\s\S]*))?$/;
const OWN_FIELDS = ['description', 'prompt', 'system', 'defaults', 'schema', 'options'];

/**
 * Parses a template file: YAML front matter between two lines of `---` followed by the prompt, a prompt alone, or (with `isYaml`) YAML whose
 * `prompt` contains it. `settings` are the settings that it may contain. Throws kind `usage` with the position for invalid syntax and for an
 * unknown field: a template can neither run anything nor send the key anywhere.
 */
export function parseTemplate(name: string, text: string, settings: readonly string[], isYaml: boolean): Template {
  const [, front, body] = isYaml ? ['', text, undefined] : (FRONT_MATTER.exec(text) ?? ['', undefined, text]);
  const fields = parseFields(name, front ?? '');
  const values: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (OWN_FIELDS.includes(field) || value === null) continue;
    if (!settings.includes(field)) {
      throw usageError(
        `the template ${name} has an unknown field ${field}`,
        `use ${OWN_FIELDS.join(', ')}, or parameters such as model and temperature`,
      );
    }
    values[field] = settingValue(name, field, value);
  }
  const prompt = body ?? textOf(name, 'prompt', fields['prompt']) ?? '';
  if (body !== undefined && fields['prompt'] !== undefined) {
    throw usageError(`the template ${name} has two prompts: keep the field prompt or the text below`);
  }
  const { schema } = fields;
  return {
    description: textOf(name, 'description', fields['description']),
    prompt,
    system: textOf(name, 'system', fields['system']),
    defaults: Object.fromEntries(
      Object.entries(mapOf(name, 'defaults', fields['defaults'])).map(([key, value]) => [key, scalarText(name, key, value)]),
    ),
    settings: values,
    schema: schema === undefined || typeof schema === 'string' ? schema : JSON.stringify(schema),
    options: mapOf(name, 'options', fields['options']),
  };
}

function parseFields(name: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return mapOf(name, 'front matter', parse(text) as unknown);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [place] = error.linePos ?? [];
    throw usageError(
      `the template ${name} is not valid YAML${place === undefined ? '' : ` (line ${place.line})`}: ${error.message.split('\n')[0]}`,
    );
  }
}

function mapOf(name: string, field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw usageError(`the template ${name}: ${field} must be a map of names to values`);
  return value as Readonly<Record<string, unknown>>;
}

function textOf(name: string, field: string, value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : scalarText(name, field, value);
}

function scalarText(name: string, field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw usageError(`the template ${name}: ${field} must be text`);
}

function settingValue(name: string, field: string, value: unknown): string {
  if (!Array.isArray(value)) return scalarText(name, field, value);
  const texts = value.map((one) => scalarText(name, field, one));
  // A stop sequence may contain a comma.
  return field === 'stop' ? JSON.stringify(texts) : texts.join(',');
}
