import type { AnyCommand, Option } from '../commands/commander.ts';
import { flagAwaitingValue } from '../core/tab-completion/find-place.ts';
import type { FlagOutline } from '../core/tab-completion/outline.ts';
import { editDistance, nearestWord } from '../core/text/near-names.ts';
import { type OrxError, usageError } from '../errors.ts';
import { COMMAND_NAMES, COMMAND_ROWS, findCommandRow } from './help/command-table.ts';

/** The arguments after `orx`, with the name of the command first, where it was omitted or came after flags. */
export interface CommandLine {
  args: readonly string[];
  /** Undefined: no command, as in `orx --help`. */
  command: string | undefined;
  /** There is neither a command nor a prompt: `orx`, `orx --sandbox`. */
  isBare?: boolean;
  /** The prompt is one or two plain words, which may be a command that does not exist: the error for that case. */
  refusal?: OrxError;
}

/** Words that no program has as a command, and that many people type first. */
const GREETINGS: ReadonlySet<string> = new Set(['hello', 'hi', 'hey']);
/** Text that may be the name of a command, a model or a file. */
const NAME = /^[\w./:@~+-]+$/;
/** Fewer plain words may be a command of another program, such as `run llama`. */
const FEWEST_WORDS = 3;
/** Words that often begin prompts, although they are similar to a command. */
const NO_TYPOS: ReadonlySet<string> = new Set(['what', 'that']);
const SHORTEST_PREFIX = 4;
/** Names of this length may have two wrong letters. */
const LONG_NAME = 7;
/** Maximum share of wrong letters in a command that is only suggested. */
const MOST_WRONG = 0.34;
/** Commands of other programs. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ask: 'orx chat',
  run: 'orx chat',
  login: 'orx auth login',
  logout: 'orx auth logout',
  list: 'orx models',
  ls: 'orx models',
  set: 'orx config set',
  settings: 'orx config',
  sandbox: 'orx --sandbox chat',
  version: 'orx --version',
};

/**
 * Decides what the arguments mean. The decisive word is the first one that is neither a flag nor the value of one, by the flags
 * of orx and of `orx chat`:
 *
 * 1. the name of a command selects that command;
 * 2. a word similar to one is a typing error: throws a usage error that suggests the command, and nothing is sent;
 * 3. anything else is a prompt for `orx chat`. One or two plain words are sent only if they begin with a greeting, or if a flag of
 *    `orx chat`, piped input or the sandbox shows that they are a prompt; otherwise `refusal` suggests what may have been meant.
 *    Words after `--` are a prompt.
 *
 * `program` has the flags of orx; `declareChat` declares `orx chat` and is called only if its flags are needed.
 */
export async function readArguments(
  args: readonly string[],
  program: AnyCommand,
  declareChat: () => Promise<AnyCommand>,
): Promise<CommandLine> {
  const named = args[0] === undefined ? undefined : findCommandRow(args[0]);
  if (named !== undefined) return { args, command: named.name };
  const root = outlines(program.options);
  const plain = scan(args, root);
  const early =
    plain.first === undefined || plain.isUnknownFirst || plain.isEscaped ? undefined : findCommandRow(args[plain.first]!);
  if (early !== undefined) return { args, command: early.name };
  if (args.slice(0, plain.first).some((word) => /^(?:-h|--help|--help-all|-V|--version)$/.test(word)))
    return { args, command: undefined };
  const chat = outlines((await declareChat()).options);
  const line = scan(args, [...root, ...chat]);
  const { first, words, isEscaped } = line;
  if (line.isUnknownFirst) return { args, command: undefined };
  const hasChatFlags = plain.hasUnknown;
  if (first === undefined) return { args: ['chat', ...args], command: 'chat', isBare: !hasChatFlags };
  const word = args[first]!;
  const late = isEscaped ? undefined : findCommandRow(word);
  if (late !== undefined) return { args: [word, ...args.toSpliced(first, 1)], command: late.name };
  const near = isEscaped ? undefined : mistypedName(word, words.length);
  if (near !== undefined) throw unknownCommandError(args, first, `orx ${near}`);
  const isPlain = words.length < FEWEST_WORDS && words.every((word) => word !== '-' && NAME.test(word));
  const isCertain = isEscaped || hasChatFlags || !isPlain || GREETINGS.has(word.toLowerCase());
  const prompt = { args: ['chat', ...args], command: 'chat' };
  if (isCertain) return prompt;
  const meant = SYNONYMS[word.toLowerCase()] ?? prefixed(similarName(word.toLowerCase()));
  return { ...prompt, refusal: unknownCommandError(args, first, meant) };
}

/** Returns a command that the user may have meant, used only in a hint, or undefined. */
function similarName(typed: string): string | undefined {
  const near = nearestWord(typed, COMMAND_NAMES);
  return near !== undefined && editDistance(typed, near) <= typed.length * MOST_WRONG ? near : undefined;
}

function prefixed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `orx ${name}`;
}

/** Returns the command that a mistyped word is similar to, or undefined. */
function mistypedName(word: string, count: number): string | undefined {
  const typed = word.toLowerCase();
  if (!/^[a-z-]{2,}$/.test(typed) || (count > 1 && NO_TYPOS.has(typed))) return undefined;
  const isNear = (name: string): boolean => {
    if (typed.length >= SHORTEST_PREFIX && name.startsWith(typed)) return true;
    if (name.length < 3) return false;
    const isLong = Math.min(name.length, typed.length) >= LONG_NAME;
    return editDistance(typed, name) <= (isLong ? 2 : 1);
  };
  return COMMAND_ROWS.find(({ name, aliases = [] }) => [name, ...aliases].some(isNear))?.name;
}

function unknownCommandError(args: readonly string[], at: number, meant: string | undefined): OrxError {
  // Do not repeat the arguments if a proxy URL among them may contain a password.
  const isSecret = args.some((word) => /:\/\/[^/\s]*@/.test(word));
  const rest = isSecret ? [] : args.toSpliced(at, 1);
  const asPrompt = `send it as a prompt: orx chat ${(isSecret ? [args[at]!] : args).map(quoted).join(' ')}`;
  return usageError(
    `unknown command "${args[at]}"`,
    ...(meant === undefined
      ? [asPrompt, 'list the commands: orx --help']
      : [`did you mean: ${[meant, ...rest.map(quoted)].join(' ')}`, asPrompt]),
  );
}

/** Quotes a word for a shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+,~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function outlines(options: readonly Option[]): FlagOutline[] {
  return options.map(({ long, short, required, optional }) => ({
    names: [long, short].filter((name) => typeof name === 'string'),
    about: '',
    ...(required ? { takes: 'one' as const } : optional ? { takes: 'optional' as const } : {}),
  }));
}

interface Scan {
  /** Index of the first word. */
  first: number | undefined;
  words: readonly string[];
  /** There is a flag that is not in the given list. */
  hasUnknown: boolean;
  /** An unknown flag comes before the first word, so this word may be its value. */
  isUnknownFirst: boolean;
  /** The first word comes after `--`. */
  isEscaped: boolean;
}

/** Finds the words among the arguments, given the flags. The values of flags are not words. */
function scan(args: readonly string[], flags: readonly FlagOutline[]): Scan {
  let first: number | undefined;
  let isEscaped = false;
  let isUnknownFirst = false;
  let hasUnknown = false;
  const words: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    if (word === '--') {
      isEscaped ||= first === undefined;
      words.push(...args.slice(at + 1));
      if (first === undefined && at + 1 < args.length) first = at + 1;
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      first ??= at;
      words.push(word);
    } else {
      const name = word.startsWith('--') ? word.split('=')[0]! : word.slice(0, 2);
      const isUnknown = !flags.some(({ names }) => names.includes(name));
      hasUnknown ||= isUnknown;
      isUnknownFirst ||= isUnknown && first === undefined;
      const open = flagAwaitingValue(word, flags);
      if (open?.takes === 'one' || (open?.takes === 'optional' && args[at + 1]?.startsWith('-') === false)) at += 1;
    }
  }
  return { first, words, hasUnknown, isUnknownFirst, isEscaped };
}
