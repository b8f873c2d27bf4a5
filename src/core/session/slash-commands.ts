import { nearestWord } from '../text/near-names.ts';

/** A command of the conversation, typed with a slash. */
export interface SlashCommand<Name extends string = string> {
  name: Name;
  /** What may stand behind it, as the help shows it; empty: nothing. */
  takes: string;
  description: string;
  /** Other names that fingers know. */
  aliases?: readonly string[];
}

export type Slash<Name extends string = string> =
  | { type: 'command'; name: Name; rest: string }
  /** Looks like a command and is none; `nearest` may have been meant. */
  | { type: 'unknown'; word: string; nearest: string | undefined };

const LEAVING = /^(exit|quit)$/;
// One word of letters: `/usr/bin` and `//` begin a message.
const SLASH = /^\/([a-z]+)(?:\s+([^]*))?$/i;

/** The command that a text is; undefined when it is a message. `exit` and `quit` alone are commands too. */
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
