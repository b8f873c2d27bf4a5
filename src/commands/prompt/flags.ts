import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

/** The flags of the prompt and of the handling of its answer, read by prompt/prepare.ts. */
export type PromptFlags = SourceFlags &
  FlagsOf<typeof schemaFlags> &
  FlagsOf<typeof answerHandlingFlags> &
  FlagsOf<typeof wireFlags>;
/** The flags that say what the prompt consists of. */
export type SourceFlags = FlagsOf<typeof sourceFlags>;

const PROMPT = 'Prompt:';
const ANSWER = 'Answer:';

/** Declares the flags that say what the prompt consists of. */
export function sourceFlags(command: Command) {
  const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  return command
    .addOption(
      common(new Option('-f, --file <source>', 'add a file, folder listing, "glob", URL or - (repeatable)'))
        .helpGroup(PROMPT)
        .argParser(repeated),
    )
    .addOption(
      common(new Option('-a, --attach <source>', 'attach an image, PDF, audio or video (repeatable)'))
        .helpGroup(PROMPT)
        .argParser(repeated),
    )
    .addOption(common(new Option('-e, --editor', 'write the prompt in $VISUAL or $EDITOR')).helpGroup(PROMPT))
    .addOption(common(new Option('-t, --template <name>', 'use a prompt template, by name or path')).helpGroup(PROMPT))
    .addOption(
      common(new Option('-p, --param <key=value>', 'set a variable of the template (repeatable)'))
        .helpGroup(PROMPT)
        .argParser(repeated),
    )
    .addOption(new Option('--allow-private', 'let -f and -a fetch private and local addresses').helpGroup(PROMPT));
}

/** Declares `--schema`. */
export function schemaFlags(command: Command) {
  return command.addOption(
    common(new Option('--schema <schema>', 'require JSON: a file, a JSON schema or a field list')).helpGroup(ANSWER),
  );
}

/** Declares the flags that say what becomes of an answer. */
export function answerHandlingFlags(command: Command) {
  return command
    .addOption(common(new Option('-x, --extract', 'print only the first code block')).helpGroup(ANSWER))
    .addOption(new Option('--xl, --extract-last', 'print only the last code block').helpGroup(ANSWER))
    .addOption(common(new Option('--copy', 'also copy the answer (-x: the code) to the clipboard')).helpGroup(ANSWER))
    .addOption(new Option('--out-dir <folder>', 'folder for generated images and audio (default: .)').helpGroup(ANSWER))
    .addOption(dryRunOption());
}

/** Returns the option `--dry-run`. */
export function dryRunOption() {
  return common(new Option('--dry-run', 'print the request without sending it')).helpGroup(ANSWER);
}

/** Declares `-O`, listed with the parameters. */
export function wireFlags(command: Command) {
  return command.addOption(
    new Option('-O, --option <key=value>', 'set any other API field, as JSON or text (repeatable)')
      .helpGroup('Parameters:')
      .argParser((text: string, before: readonly string[] = []): readonly string[] => [...before, text]),
  );
}
