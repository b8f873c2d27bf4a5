import type { CommandOutline, FlagOutline, Outline, ValueOutline } from './outline.ts';

/** The position of the cursor: what can be there, and which part of the word is fixed. */
export interface CompletionPlace {
  command: CommandOutline;
  /** A sub-command can be here. */
  isName: boolean;
  /** The word begins like a flag. */
  isFlag: boolean;
  value: ValueOutline | undefined;
  /** The text before the part to complete: `--sort=`, or the earlier parts of a comma-separated list. */
  fixed: string;
  /** The part to complete. */
  typed: string;
  /** Positional words of the command so far. */
  before: readonly string[];
}

/** Parses the words before the cursor as commander does, and determines what the last one can be. */
export function findPlace({ program }: Outline, words: readonly string[], current: string): CompletionPlace {
  let command = program;
  let before: string[] = [];
  let open: FlagOutline | undefined;
  let isOver = false;
  for (const word of words) {
    if (open !== undefined && (open.takes === 'one' || !word.startsWith('-'))) {
      if (open.takes !== 'many') open = undefined;
      continue;
    }
    open = undefined;
    if (isOver || word === '-' || !word.startsWith('-')) {
      const inner =
        isOver || before.length > 0
          ? undefined
          : command.commands.find(({ name, aliases }) => name === word || aliases?.includes(word) === true);
      if (inner === undefined) before.push(word);
      else {
        command = inner;
        before = [];
      }
    } else if (word === '--') isOver = true;
    else open = flagAwaitingValue(word, flagsOf(program, command));
  }
  const place = { command, isName: false, isFlag: false, fixed: '', typed: current, before };
  if (open?.takes === 'one') return valuePlace(place, open.value);
  const [, name, typed] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (!isOver && name !== undefined) {
    const flag = flagsOf(program, command).find(({ names, takes }) => takes !== undefined && names.includes(name));
    return valuePlace({ ...place, fixed: `${name}=`, typed: typed ?? '' }, flag?.value);
  }
  if (!isOver && current.startsWith('-')) return { ...place, isFlag: true, value: undefined };
  if (open !== undefined) return valuePlace(place, open.value);
  const last = command.words.at(-1);
  const value = command.words[before.length] ?? (last?.isRepeated === true ? last : undefined);
  return valuePlace({ ...place, isName: !isOver && before.length === 0 }, value);
}

/** Returns the flags of a command: its own, and those of the program. Without a command, `orx chat` is assumed. */
export function flagsOf(program: CommandOutline, command: CommandOutline): readonly FlagOutline[] {
  if (command !== program) return [...command.flags, ...program.flags];
  return [...program.flags, ...(program.commands.find(({ name }) => name === 'chat')?.flags ?? [])];
}

/** Comma-separated lists are completed part by part. */
function valuePlace(place: Omit<CompletionPlace, 'value'>, value: ValueOutline | undefined): CompletionPlace {
  const { fixed, typed } = place;
  const comma = value?.kind === 'file' || value?.kind === 'folder' ? 0 : typed.lastIndexOf(',') + 1;
  return { ...place, value, fixed: fixed + typed.slice(0, comma), typed: typed.slice(comma) };
}

/** Returns the flag whose value is the next word. `--sort`, `-o` and `-qo` expect a value; `--sort=price` and `-ojson` already have one. */
export function flagAwaitingValue(word: string, flags: readonly FlagOutline[]): FlagOutline | undefined {
  const named = (name: string): FlagOutline | undefined => flags.find(({ names }) => names.includes(name));
  if (word.startsWith('--')) {
    const flag = named(word);
    return flag?.takes === undefined ? undefined : flag;
  }
  for (let at = 1; at < word.length; at += 1) {
    const flag = named(`-${word[at]}`);
    if (flag === undefined) return undefined;
    if (flag.takes !== undefined) return at === word.length - 1 ? flag : undefined;
  }
  return undefined;
}
