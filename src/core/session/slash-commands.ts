import { nearestWord } from '../text/near-names.ts';

/** A command of the session, typed with a slash. */
export interface SlashCommand<Name extends string = string> {
  name: Name;
  /** Its arguments, as the help shows them; empty if there are none. */
  takes: string;
  description: string;
  /** Alternative names. */
  aliases?: readonly string[];
}

export type Slash<Name extends string = string> =
  | { type: 'command'; name: Name; rest: string }
  /** Looks like a command but is not one; `nearest` is the most similar command. */
  | { type: 'unknown'; word: string; nearest: string | undefined };

const LEAVING = /^(exit|quit)$/;
// A single word of letters: `/usr/bin` and `//` start a message.
const SLASH = /^\/([a-z]+)(?:\s+([^]*))?$/i;

/** Parses a command; undefined if the text is a message. `exit` and `quit` alone are commands too. */
export function parseSlash<Name extends string>(text: string, commands: readonly SlashCommand<Name>[]): Slash<Name> | undefined {
  const bare = text.trim();
  const leaves = LEAVING.test(bare) ? `/${bare}` : bare;
  const [, typed, rest = ''] = SLASH.exec(leaves) ?? [];
  if (typed === undefined) return undefined;
  const word = typed.toLowerCase();
  const command = commands.find(({ name, aliases }) => name === word || aliases?.includes(word) === true);
  if (command !== undefined) return { type: 'command', name: command.name, rest: rest.trim() };
  const nearest = nearestWord(
    word,
    commands.map(({ name }) => name),
  );
  return { type: 'unknown', word, nearest };
}
