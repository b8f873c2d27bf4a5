import { PARAMETER_KEYS } from '../core/parameters.ts';
import type { Template } from '../core/template/template.ts';
import { usageError } from '../errors.ts';
import type { TemplateFile } from '../storage/templates.ts';
import { ROUTING_SETTINGS } from './setting-options.ts';

/** Settings that a template may carry: none that changes where a request goes, or what is kept of it. */
const TEMPLATE_SETTINGS: readonly string[] = ['model', 'stream', ...PARAMETER_KEYS, ...ROUTING_SETTINGS];

/** A template from its file. Throws kind `usage`, with the place. */
export async function parseTemplateFile({ name, text, isYaml }: TemplateFile): Promise<Template> {
  const { parseTemplate } = await import('../core/template/parse-template.ts');
  return parseTemplate(name, text, TEMPLATE_SETTINGS, isYaml);
}

/** `key=value` pairs as values of variables. */
export function templateValues(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usageError(`-p takes key=value, not "${pair}"`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1)];
    }),
  );
}

/** The switches among a template's settings as flags hold them: true or false rather than text. */
export function templateFlags({ settings }: Template): Readonly<Record<string, unknown>> {
  const isSwitch = (text: string): boolean => text === 'true' || text === 'false';
  return Object.fromEntries(Object.entries(settings).map(([key, text]) => [key, isSwitch(text) ? text === 'true' : text]));
}
