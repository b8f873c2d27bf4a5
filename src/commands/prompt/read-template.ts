import { FALLBACK_SETTINGS, ROUTING_SETTINGS } from '../../core/settings/groups.ts';
import { PARAMETER_KEYS } from '../../core/settings/parameters.ts';
import type { Template } from '../../core/request/template.ts';
import { type SettingKey, SETTINGS } from '../../core/settings/settings.ts';
import { OrxError, usageError } from '../../errors.ts';
import type { TemplateFile } from '../../storage/templates.ts';

/** Settings that a template may contain: none that changes where a request is sent, or what is stored of it. */
const TEMPLATE_SETTINGS: readonly string[] = ['model', 'stream', ...PARAMETER_KEYS, ...ROUTING_SETTINGS, ...FALLBACK_SETTINGS];

/** Returns the template of a file. Throws kind `usage`, with the location. */
export async function parseTemplateFile({ name, text, isYaml }: TemplateFile): Promise<Template> {
  const { parseTemplate } = await import('../../core/request/parse-template.ts');
  const template = parseTemplate(name, text, TEMPLATE_SETTINGS, isYaml);
  for (const [key, value] of Object.entries(template.settings)) checkValue(name, key as SettingKey, value);
  return template;
}

/** Throws an error that names the template, not a flag, if its setting does not accept a value. */
function checkValue(name: string, key: SettingKey, value: string): void {
  try {
    SETTINGS[key].parse(value);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    throw usageError(`${error.message} (template ${name})`, ...error.hints);
  }
}

/** Returns `key=value` pairs as values of variables. */
export function templateValues(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usageError(`-p must be key=value, not "${pair}"`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1)];
    }),
  );
}
