import type { AnyCommand } from '../../commands/commander.ts';
import { VERSION } from '../../version.ts';
import { type CommandHelp, describeCommandHelp, type FlagGroup, sharedFlagGroups } from './command-help.ts';
import { COMMAND_GROUPS, COMMAND_NAMES } from './command-table.ts';
import type { HelpItem } from './layout.ts';
import { ABOUT, ROOT_EXAMPLES, USAGE } from './root-help.ts';
import { HELP_TOPICS } from './topics.ts';

/** Characters that roff would interpret or replace with typographic ones. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\e`,
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
};

/** Returns the page orx(1). */
export function rootManPage(): string {
  const topics = Object.entries(HELP_TOPICS).filter(([name]) => name !== 'connection');
  return page('orx', ABOUT, [
    ...synopsis(USAGE),
    '.SH DESCRIPTION',
    roff('orx is a command-line client for OpenRouter and for the APIs of model vendors.'),
    '.PP',
    roff('A word that is not a command is a prompt: orx "prompt" is the same as orx chat "prompt".'),
    '.SH COMMANDS',
    ...COMMAND_GROUPS.flatMap(({ title, commands }) => [
      `.SS ${roff(title)}`,
      ...commands.flatMap(({ name, description }) => tagged(`orx-${name}(1)`, description)),
    ]),
    '.SH OPTIONS',
    roff('Every command accepts these flags, before or after its name.'),
    ...sharedFlagGroups().flatMap(flagGroup),
    ...examples(ROOT_EXAMPLES),
    ...topics.flatMap(([name, { sections }]) => [
      `.SH ${name === 'exit-codes' ? 'EXIT STATUS' : roff(name.toUpperCase())}`,
      ...sections().flatMap((section) =>
        typeof section === 'string' ? paragraphs(section) : [`.SS ${roff(plain(section[0]))}`, ...items(section[1])],
      ),
    ]),
    '.SH SEE ALSO',
    roff(`${COMMAND_NAMES.map((name) => `orx-${name}(1)`).join(', ')}`),
  ]);
}

/** Returns the page of a command and its sub-commands. */
export function commandManPage([command, ...inner]: readonly AnyCommand[]): string {
  const help = describeCommandHelp(command!, 'own');
  const others = inner.map((each) => describeCommandHelp(each, 'own'));
  return page(nameOf(help), help.description, [
    ...synopsis([help.usage, ...others.map(({ usage }) => usage)]),
    '.SH DESCRIPTION',
    `${roff(help.description)}.`,
    ...facts(help),
    ...(help.flags.length === 0 ? [] : ['.SH OPTIONS', ...help.flags.flatMap(flagGroup)]),
    ...(others.length === 0 ? [] : ['.SH COMMANDS', ...others.flatMap(innerCommand)]),
    ...examples(help.examples),
    '.SH SEE ALSO',
    roff('orx(1) has the flags of every command, the exit status, environment variables and the formats of times.'),
  ]);
}

function innerCommand(help: CommandHelp): string[] {
  const rows = help.flags.flatMap((group) => group.items);
  return [
    `.SS ${roff(help.usage)}`,
    `${roff(help.description)}.`,
    ...facts(help),
    ...items(rows),
    ...help.examples.flatMap((example) => ['.PP', '.EX', roff(example), '.EE']),
  ];
}

function facts({ words, notes, details }: CommandHelp): string[] {
  return [...items(words), ...paragraphs(notes), ...paragraphs(details)];
}

function page(name: string, description: string, body: readonly string[]): string {
  return `${[
    String.raw`.\" Made by npm run docs.`,
    `.TH ${roff(name.toUpperCase())} 1 "" "orx ${roff(VERSION)}" "orx manual"`,
    '.SH NAME',
    `${roff(name)} \\- ${roff(description.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/\.$/, ''))}`,
    ...body,
  ].join('\n')}\n`;
}

const nameOf = ({ path }: CommandHelp): string => path.replace(' ', '-');

function synopsis(lines: readonly string[]): string[] {
  return ['.SH SYNOPSIS', '.nf', ...lines.map(roff), '.fi'];
}

function examples(lines: readonly string[]): string[] {
  return ['.SH EXAMPLES', '.EX', ...lines.map(roff), '.EE'];
}

function flagGroup({ heading, items: rows }: FlagGroup): string[] {
  return [...(heading === 'Flags:' ? [] : [`.SS ${roff(plain(heading))}`]), ...items(rows)];
}

const plain = (heading: string): string => heading.replace(/:$/, '');

function items(rows: readonly HelpItem[]): string[] {
  return rows.flatMap(([term, description]) => tagged(term, description));
}

function tagged(term: string, description: string): string[] {
  return ['.TP', `\\fB${roff(term).replace(/^\\&/, '')}\\fR`, roff(description)];
}

/** Returns paragraphs, one per line. Lines that begin with a space are not filled. */
function paragraphs(text: string): string[] {
  const lines = text.trim() === '' ? [] : text.replace(/^\n+|\s+$/g, '').split('\n');
  const isForm = (line: string | undefined): boolean => line?.startsWith(' ') === true;
  return lines.flatMap((line, at) => {
    if (line === '') return isForm(lines[at - 1]) && isForm(lines[at + 1]) ? [''] : [];
    if (!isForm(line)) return ['.PP', roff(line)];
    const begins = !isForm(lines[at - 1]) && lines[at - 1] !== '';
    const opens = begins || (lines[at - 1] === '' && !isForm(lines[at - 2]));
    const closes = !isForm(lines[at + 1]) && !(lines[at + 1] === '' && isForm(lines[at + 2]));
    return [...(opens ? ['.PP', '.EX'] : []), roff(line), ...(closes ? ['.EE'] : [])];
  });
}

/** Escapes text so that roff prints it unchanged, also at the start of a line. */
export function roff(text: string): string {
  const escaped = [...text]
    .map((character) => {
      const code = character.codePointAt(0)!;
      if (code > 126) return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
      return ESCAPES[character] ?? character;
    })
    .join('');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
