import type { AnyCommand } from './commander.ts';
import { editDistance, nearestWord } from '../core/text/near-names.ts';
import { type OrxError, usageError } from '../errors.ts';

/** Words that users type for `orx models`, in addition to its own `list`. */
const LIST = ['list', 'ls'];

/**
 * Throws for a word that a command does not accept. If the word is in the place of a subcommand, such as one of `orx history`,
 * reports an unknown command.
 */
export function checkWords(command: AnyCommand): void {
  const { registeredArguments: taken, args, parent } = command;
  const word = args[taken.length];
  if (word === undefined || taken.at(-1)?.variadic === true) return;
  if (parent !== null && ![command.name(), ...command.aliases()].includes(parent.args[0] ?? ''))
    throw unknownCommand(parent, word);
  const count = taken.length === 0 ? 'no arguments' : taken.length === 1 ? 'one argument' : `${taken.length} arguments`;
  throw usageError(
    `unexpected argument "${word}": ${pathOf(command)} accepts ${count}`,
    `show the usage: ${pathOf(command)} --help`,
  );
}

function unknownCommand(parent: AnyCommand, word: string): OrxError {
  const shown = parent.commands.filter((command) => command.name() !== 'help');
  const names = shown.map((command) => command.name());
  const match = nearestWord(word, [...names, ...shown.flatMap((command) => command.aliases())]);
  const near = shown.find((command) => command.name() === match || command.aliases().includes(match ?? ''))?.name();
  return usageError(
    `unknown command "${pathOf(parent)} ${word}"`,
    ...(near === undefined
      ? []
      : [`did you mean: ${[pathOf(parent), near, ...parent.args.slice(parent.args.indexOf(word) + 1)].join(' ')}`]),
    `use one of these: ${names.join(', ')}`,
  );
}

/**
 * Returns the error for a mistyped subcommand of `orx models`, with one letter wrong. Returns undefined for other words, which
 * are a search.
 */
export function mistypedCommand([first, ...others]: readonly string[], names: readonly string[]): OrxError | undefined {
  const word = first?.toLowerCase();
  if (word === undefined || word.length < 2) return undefined;
  const near = [...names, ...LIST].find((name) => editDistance(word, name) <= (name.length > 2 ? 1 : 0));
  if (near === undefined) return undefined;
  const meant = LIST.includes(near) ? ['orx models', ...others] : ['orx models', near, ...others];
  return usageError(
    `unknown command "orx models ${first}"`,
    `did you mean: ${meant.join(' ')}`,
    `search for it: orx models --search ${[first, ...others].join(' ')}`,
  );
}

function pathOf(command: AnyCommand): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
