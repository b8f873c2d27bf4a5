import { type Command, type FlagsOf, Option } from '../commander.ts';

/** The flags that say what a prompt is made of and what becomes of its answer: turn/prepare.ts reads them. */
export type PromptFlags = FlagsOf<typeof promptFlags> & FlagsOf<typeof wireFlags>;

export function promptFlags(command: Command) {
  return command
    .addOption(
      repeatable('-f, --file <source>', 'put text before the words: a file, folder (listed), "glob", address or - (repeatable)'),
    )
    .addOption(repeatable('-a, --attach <source>', 'attach an image, PDF, audio or video: a file, address or - (repeatable)'))
    .addOption(ofPrompt('-e, --editor', 'write the prompt in $VISUAL or $EDITOR'))
    .addOption(ofPrompt('-t, --template <name>', 'use a template, by its name or path; see orx templates'))
    .addOption(repeatable('-p, --param <key=value>', 'a value for a variable of the template (repeatable)'))
    .addOption(ofPrompt('--allow-private', 'let -f and -a read addresses of private networks and of this machine'))
    .addOption(ofAnswer('--schema <schema>', 'demand JSON of this form: a file, JSON, or fields such as "name, age int, tags[]"'))
    .addOption(ofAnswer('-x, --extract', 'print the first code block alone'))
    .addOption(ofAnswer('--xl, --extract-last', 'print the last code block alone'))
    .addOption(ofAnswer('--copy', 'put the answer (with -x the block) on the clipboard as well'))
    .addOption(ofAnswer('--out-dir <folder>', 'where images and audio of the answer are written (default: here)'))
    .addOption(ofAnswer('--dry-run', 'print the request, the key hidden, and send nothing'));
}

/** `-O`, among the parameters. */
export function wireFlags(command: Command) {
  return command.addOption(
    gathering('Parameters:', '-O, --option <key=value>', 'any other field of the API, its value JSON or text (repeatable)'),
  );
}

const repeatable = <Usage extends string>(flags: Usage, description: string) => gathering('Prompt:', flags, description);
const ofPrompt = <Usage extends string>(flags: Usage, description: string) => new Option(flags, description).helpGroup('Prompt:');
const ofAnswer = <Usage extends string>(flags: Usage, description: string) => new Option(flags, description).helpGroup('Answer:');

function gathering<Usage extends string>(group: string, flags: Usage, description: string) {
  return new Option(flags, description)
    .helpGroup(group)
    .argParser((text: string, before: readonly string[] = []): readonly string[] => [...before, text]);
}
