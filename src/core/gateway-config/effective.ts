import { stringify } from 'yaml';
import type { ConfigField, Secret } from './field.ts';
import { CONFIG } from './fields.ts';
import type { ReadConfig } from './read-config.ts';
import { join } from './read-config.ts';
import { durationText } from './scalars.ts';

/**
 * Returns the configuration in effect as a complete file: every key that the file does not set has its default and a comment. It never contains
 * the text of a key.
 */
export function effectiveYaml({ config, given }: Pick<ReadConfig, 'config' | 'given'>): string {
  return `${linesOf(CONFIG, config, '', given, 0).join('\n')}\n`;
}

function linesOf(field: ConfigField, value: unknown, path: string, given: ReadonlySet<string>, depth: number): string[] {
  const indent = '  '.repeat(depth);
  switch (field.kind) {
    case 'object':
      return Object.entries(field.fields).flatMap(([name, child]) => {
        const inner = (value as Record<string, unknown>)[name];
        return entryLines(name, child, inner, join(path, name), given, depth);
      });
    case 'map':
      return [...(value as ReadonlyMap<string, unknown>)].flatMap(([name, inner]) =>
        entryLines(name, field.of, inner, join(path, name), given, depth),
      );
    case 'list':
      return (value as readonly unknown[]).flatMap((inner, index) => {
        const [first = '{}', ...rest] = linesOf(field.of, inner, `${path}[${index}]`, given, depth + 1);
        return [`${indent}- ${first.trimStart()}`, ...rest];
      });
    default:
      return [];
  }
}

function entryLines(
  name: string,
  field: ConfigField,
  value: unknown,
  path: string,
  given: ReadonlySet<string>,
  depth: number,
): string[] {
  const indent = '  '.repeat(depth);
  const key = scalarText(name);
  if (field.kind === 'object' || field.kind === 'map' || field.kind === 'list') {
    const lines = linesOf(field, value, path, given, depth + 1);
    return lines.length === 0 ? [] : [`${indent}${key}:`, ...lines];
  }
  if (value === undefined) {
    const otherwise = 'otherwise' in field ? field.otherwise : undefined;
    return otherwise === undefined ? [] : [`${indent}# ${key}: ${otherwise.replaceAll('`', '')}`];
  }
  const text = valueText(field, value);
  return [`${indent}${key}: ${text}${given.has(path) ? '' : ' # default'}`];
}

function valueText(field: ConfigField, value: unknown): string {
  if (field.kind === 'secret') return secretText(value as Secret);
  if (field.kind === 'duration') return durationText(value as number);
  if (field.kind === 'names') return `[${(value as readonly string[]).map(scalarText).join(', ')}]`;
  return scalarText(value);
}

/** Returns a key as `--check-config` shows it. */
function secretText(secret: Secret): string {
  if ('variable' in secret) return `env:${secret.variable}`;
  return 'command' in secret ? scalarText(`command:${secret.command}`) : '(hidden)';
}

function scalarText(value: unknown): string {
  return stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();
}
