import { type Command, Option } from 'commander';

/** The flags that say what a prompt is made of and what becomes of its answer: prepare-chat.ts reads them. */
export interface PromptOptions {
  file?: readonly string[];
  attach?: readonly string[];
  editor?: boolean;
  template?: string;
  param?: readonly string[];
  allowPrivate?: boolean;
  option?: readonly string[];
  schema?: string;
  extract?: boolean;
  extractLast?: boolean;
  copy?: boolean;
  outDir?: string;
  dryRun?: boolean;
}

const PROMPT = [
  ['-f, --file <source>', 'put text before the words: a file, folder (listed), "glob", address or - (repeatable)', true],
  ['-a, --attach <source>', 'attach a picture, PDF, sound or film: a file, address or - (repeatable)', true],
  ['-e, --editor', 'write the prompt in $VISUAL or $EDITOR', false],
  ['-t, --template <name>', 'use a template, by its name or path; see orx templates', false],
  ['-p, --param <key=value>', 'a value for a variable of the template (repeatable)', true],
  ['--allow-private', 'let -f and -a read addresses of private networks and of this machine', false],
] as const;

const ANSWER = [
  ['--schema <schema>', 'demand JSON of this form: a file, JSON, or fields such as "name, age int, tags[]"', false],
  ['-x, --extract', 'print the first code block alone', false],
  ['--xl, --extract-last', 'print the last code block alone', false],
  ['--copy', 'put the answer (with -x the block) on the clipboard as well', false],
  ['--out-dir <folder>', 'where images and sound of the answer are written (default: here)', false],
  ['--dry-run', 'print the request, the key hidden, and send nothing', false],
] as const;

/** Declares the flags of PromptOptions. */
export function addPromptOptions(command: Command): void {
  for (const [flags, description, isRepeatable] of PROMPT) add(command, 'Prompt:', flags, description, isRepeatable);
  for (const [flags, description] of ANSWER) add(command, 'Answer:', flags, description, false);
}

/** Declares `-O`, among the parameters. */
export function addWireOption(command: Command): void {
  add(
    command,
    'Parameters:',
    '-O, --option <key=value>',
    'any other field of the API, its value JSON or text (repeatable)',
    true,
  );
}

function add(command: Command, group: string, flags: string, description: string, isRepeatable: boolean): void {
  const option = new Option(flags, description).helpGroup(group);
  if (isRepeatable) option.argParser((text: string, before: readonly string[] = []) => [...before, text]);
  command.addOption(option);
}
