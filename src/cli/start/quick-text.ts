import { helpColumns, helpPageText } from '../help/layout.ts';
import type { PageIndex, StoredPage } from '../help/stored-pages.ts';

const HELP = new Set(['-h', '--help']);
const VERSION_FLAGS = new Set(['-V', '--version']);

/** What `quickText` reads, when it needs it. */
export interface QuickFacts {
  version: () => string;
  /** The file that `storedPages` makes. */
  pages: () => string;
  /** The width of the terminal, or undefined. */
  columns: () => number | undefined;
}

/**
 * Returns what `--version`, `--help` and `orx help` print, from texts made by the build, so that no command is loaded. Returns
 * undefined for every command line that it does not recognize completely; the program then handles it. It accepts other switches,
 * but no flag with a value.
 */
export function quickText(args: readonly string[], facts: QuickFacts): string | undefined {
  const isVersion = args.some((word) => VERSION_FLAGS.has(word));
  const flags = args.filter((word) => HELP.has(word));
  if (!isVersion && args[0] !== 'help' && flags.length !== 1) return undefined;
  const first = args.findIndex((word) => word.startsWith('-'));
  const words = first === -1 ? args : args.slice(0, first);
  const rest = first === -1 ? [] : args.slice(first);
  if (isVersion) {
    // commander prints the version when it finds the flag, whatever follows.
    const before = args.slice(
      0,
      args.findIndex((word) => VERSION_FLAGS.has(word)),
    );
    return words.length === 0 && before.every(isSwitchOf(find('', facts.pages()))) ? `${facts.version()}\n` : undefined;
  }
  const isHelpCommand = words[0] === 'help' && flags.length === 0;
  // The flag asks for the help of orx help, not for the topic.
  if (words[0] === 'help' && words.length > 1 && !isHelpCommand) return undefined;
  const pages = facts.pages();
  const name = words.join(' ');
  const asked = isHelpCommand
    ? (find(name === 'help' ? '' : name, pages) ?? find(words.slice(1).join(' '), pages))
    : find(name, pages);
  if (asked === undefined || !rest.every((word) => HELP.has(word) || isSwitchOf(isHelpCommand ? undefined : asked)(word)))
    return undefined;
  return helpPageText(asked.page, helpColumns(facts.columns()));
}

function isSwitchOf(stored: StoredPage | undefined): (word: string) => boolean {
  return (word) => stored?.switches.includes(word) === true;
}

/** Reads one page of the file. */
function find(name: string, pages: string): StoredPage | undefined {
  const index = JSON.parse(pages.slice(0, pages.indexOf('\n'))) as PageIndex;
  if (!Object.hasOwn(index, name)) return undefined;
  let start = 0;
  for (let line = index[name]!; line > 0; line -= 1) start = pages.indexOf('\n', start) + 1;
  return JSON.parse(pages.slice(start, pages.indexOf('\n', start))) as StoredPage;
}
