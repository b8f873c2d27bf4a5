import type { ConfigField } from './field.ts';
import { CONFIG } from './fields.ts';

const KINDS: Readonly<Record<string, string>> = {
  text: 'text',
  count: 'whole number',
  number: 'number',
  duration: 'duration',
  price: 'USD per million tokens',
  amount: 'USD',
  flag: 'true or false',
  url: 'address',
  secret: 'key',
  names: 'list of names',
  object: 'object',
  map: 'names and values',
  list: 'list',
};

interface Row {
  path: string;
  kind: string;
  otherwise: string;
  description: string;
}

/** Returns the reference of every key of the configuration file as Markdown. */
export function configReference(): string {
  const sections = Object.entries(CONFIG.fields).map(([name, field]) => {
    const rows = rowsOf(field, name);
    const cells = rows.map(({ path, kind, otherwise, description }) => [`\`${path}\``, kind, otherwise, description]);
    return `## ${name}\n\n${table([['key', 'value', 'default', 'meaning'], ...cells])}\n`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

function rowsOf(field: ConfigField, path: string): Row[] {
  const row: Row = { path, kind: kindOf(field), otherwise: defaultOf(field), description: escapeCell(field.description) };
  switch (field.kind) {
    case 'object':
      return [row, ...Object.entries(field.fields).flatMap(([name, child]) => rowsOf(child, `${path}.${name}`))];
    case 'map': {
      const inner = `${path}.<${field.key}>`;
      return [row, ...(field.of.kind === 'object' ? rowsOf(field.of, inner) : rowsOf(field.of, inner))];
    }
    case 'list':
      return [row, ...rowsOf(field.of, `${path}[]`)];
    default:
      return [row];
  }
}

function kindOf(field: ConfigField): string {
  return field.kind === 'choice' ? field.of.map((one) => `\`${one}\``).join(', ') : KINDS[field.kind]!;
}

function defaultOf(field: ConfigField): string {
  if ('default' in field && field.default !== undefined) return `\`${String(field.default)}\``;
  return 'otherwise' in field && field.otherwise !== undefined ? field.otherwise : '';
}

/** Returns a Markdown table with aligned columns. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const [head, ...body] = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const HEAD = `# Configuration of the gateway

Every key of the file that \`orx serve --config\` reads. Generated from the schema by \`npm run docs\`. [gateway.md](gateway.md) has
examples.

- \`env:NAME\` and \`os.environ/NAME\` stand for the value of an environment variable; \`\${NAME}\` does so within a string.
- A duration is \`500ms\`, \`30s\`, \`2m\`, \`1h\`, \`7d\` or \`2w\`; a number alone means seconds.
- \`orx serve --config FILE --check-config\` prints the configuration with every default, and hides keys.
- Flags override \`server\`, \`log\` and \`cache\`. Paths are relative to the folder of the file.
`;
