import { shellWords } from './shell-words.ts';
import type { FoundHint } from './collect.ts';

/** Values for the names in capitals and for placeholders that are known only at run time. */
const VALUES: Readonly<Record<string, string>> = {
  MODEL: 'a/b',
  'AUTHOR/MODEL': 'a/b',
  'MODEL,MODEL': 'a/b,c/d',
  NAME: 'lab',
  URL: 'https://example.com/v1',
  SECONDS: '60',
  N: '400',
  TOKENS: '1200',
  'BEFORE.json': 'before.json',
  'AFTER.json': 'after.json',
};
const FOUND: Readonly<Record<string, string>> = {
  baseUrl: 'https://example.com/v1',
  url: 'https://example.com/v1',
  filter: '--tools',
  period: 'day',
  more: '40',
  scope: '',
  missing: '-p a=b',
  limits: '--zdr',
  key: 'temperature',
  id: '7',
  nearest: 'help',
  near: 'effort',
  value: '400',
  command: 'chat',
  slashCommand: 'undo',
  language: 'json',
};

/** Returns the command of a hint (`do it: COMMAND`) with values filled in, or undefined if it has none. */
export function hintCommand(text: string): string | undefined {
  const command = /: ((?:orx|curl|export|iconv|cat|pass|https?:\/\/|\/[a-z]|--?[a-zA-Z])\S*(?: .*)?)$/.exec(text)?.[1];
  return command === undefined ? undefined : filled(command);
}

/** Returns the text with values in place of names. */
export function filled(command: string): string {
  return command
    .replaceAll(/<([\w ]+)>/g, (_, name: string) => FOUND[name] ?? 'lab')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(
      /(?<![\w-])[A-Z][A-Za-z/,.]*[A-Z](?:\.\w+)?(?![\w=])|(?<= )[A-Z](?![\w])/g,
      (name) => VALUES[name] ?? name.toLowerCase(),
    );
}

/** Returns the arguments of each orx command in a shell line: every command of a pipe, without redirections. */
export function orxCalls(command: string): readonly (readonly string[])[] {
  return command
    .split(' | ')
    .map((part) => shellWords(part.replace(/ [<>]\s*\S+$/, '')))
    .filter(([name]) => name === 'orx')
    .map((words) => words.slice(1));
}

/** Returns the hints without duplicates. */
export function uniqueHints(hints: readonly FoundHint[]): readonly FoundHint[] {
  return [...new Map(hints.map((hint) => [`${hint.shell}\n${hint.session}`, hint])).values()];
}
