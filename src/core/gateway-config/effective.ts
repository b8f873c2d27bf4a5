import { stringify } from 'yaml';
import type { ConfigField, Secret } from './field.ts';
import { CONFIG } from './fields.ts';
import type { ReadConfig } from './read-config.ts';
import { join } from './read-config.ts';
import { durationText } from './scalars.ts';

type Sources = Pick<ReadConfig, 'given' | 'flags'>;

/**
 * Returns the configuration in effect as a complete file: every key that the file does not set has its default or the value of a flag, and a
 * comment. It never contains the text of a key.
 */
export function effectiveYaml({ config, ...sources }: Pick<ReadConfig, 'config' | 'given' | 'flags'>): string {
  return `${linesOf(CONFIG, config, '', sources, 0).join('\n')}\n`;
}

function linesOf(field: ConfigField, value: unknown, path: string, sources: Sources, depth: number): string[] {
  const indent = '  '.repeat(depth);
  switch (field.kind) {
    case 'object':
      return Object.entries(field.fields).flatMap(([name, child]) => {
        const inner = (value as Record<string, unknown>)[name];
        return entryLines(name, child, inner, join(path, name), sources, depth);
      });
    case 'map':
      return [...(value as ReadonlyMap<string, unknown>)].flatMap(([name, inner]) =>
        entryLines(name, field.of, inner, join(path, name), sources, depth),
      );
    case 'list':
      return (value as readonly unknown[]).flatMap((inner, index) => {
        const lines = linesOf(field.of, inner, `${path}[${index}]`, sources, depth + 1);
        // A dash before a comment would be hard to read.
        const at = Math.max(
          0,
          lines.findIndex((line) => !line.trimStart().startsWith('#')),
        );
        const [first = '{}'] = lines.splice(at, 1);
        return [`${indent}- ${first.trimStart()}`, ...lines];
      });
    default:
      return [];
  }
}

function entryLines(name: string, field: ConfigField, value: unknown, path: string, sources: Sources, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const key = scalarText(name);
  if (field.kind === 'object' || field.kind === 'map' || field.kind === 'list') {
    const lines = linesOf(field, value, path, sources, depth + 1);
    return lines.length === 0 ? [] : [`${indent}${key}:`, ...lines];
  }
  if (value === undefined) {
    const otherwise = 'otherwise' in field ? field.otherwise : undefined;
    return otherwise === undefined ? [] : [`${indent}# ${key}: ${otherwise.replaceAll('`', '')}`];
  }
  const text = valueText(field, value);
  return [`${indent}${key}: ${text}${sourceComment(path, sources)}`];
}

function sourceComment(path: string, { given, flags }: Sources): string {
  const flag = flags.get(path);
  if (flag !== undefined) return ` # ${flag}`;
  return given.has(path) ? '' : ' # default';
}

function valueText(field: ConfigField, value: unknown): string {
  if (field.kind === 'secret') return secretText(value as Secret);
  if (field.kind === 'duration') return durationText(value as number);
  if (field.kind === 'names') return `[${(value as readonly string[]).map(scalarText).join(', ')}]`;
  // Exact decimals are text, but a file has them as numbers.
  return field.kind === 'price' || field.kind === 'amount' ? String(value) : scalarText(value);
}

/** Returns a key as `--check-config` shows it. */
function secretText(secret: Secret): string {
  if ('variable' in secret) return `env:${secret.variable}`;
  return 'command' in secret ? scalarText(`command:${secret.command}`) : '(hidden)';
}

function scalarText(value: unknown): string {
  return stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();
}
