import { APPEARANCE_SETTINGS, CONNECTION_SETTINGS, SELECTION_SETTINGS } from '../core/settings/groups.ts';
import { CommanderError } from 'commander';
import { type AnyCommand, Command } from '../commands/commander.ts';
import { commandInput } from '../commands/command-input.ts';
import { terminalFacts } from '../commands/is-drawable.ts';
import type { Execute } from '../commands/register.ts';
import { type MentionedFlags, mentionedFlags, PartialCommand } from '../commands/partial-command.ts';
import { addSettingOptions, typedInput } from '../commands/setting-options.ts';
import { watchFlags } from '../commands/typed-flags.ts';
import type { Outline } from '../core/tab-completion/outline.ts';
import { OrxError } from '../errors.ts';
import { errorText } from '../output/text/error.ts';
import { NO_KEY_GUIDE } from '../output/setup/no-key-guide.ts';
import { createTheme } from '../output/text/theme.ts';
import { write } from '../output/text/write-stream.ts';
import { styled } from '../output/text/terminal-border.ts';
import { VERSION } from '../version.ts';
import { COMMAND_LOADERS } from './command-loaders.ts';
import { createContext } from './context.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { COMMAND_NAMES, COMMAND_ROWS, findCommandRow } from './help/command-table.ts';
import { HelpOption } from './help/help-option.ts';
import type { CommandLine } from './read-arguments.ts';
import { streams } from './streams.ts';
import { usageFailure } from './usage-failure.ts';
import { watchRun } from './terminal/watch-run.ts';

/** The commands whose arguments are a prompt. */
const TAKE_PROMPTS: ReadonlySet<string> = new Set(['chat', 'compare']);

/** Parses the arguments after `orx`, runs the command, and returns an exit code for every outcome. */
export async function runProgram(args: readonly string[]): Promise<number> {
  keepStderrForOrx();
  let exitCode = 0;
  let created: ReturnType<typeof createContext> | undefined;
  const isVerbose = args.includes('--verbose');
  let line: CommandLine | undefined;
  const tell = (error: unknown): void => void styled(streams.stderr).write(failureText(error, isVerbose, created));
  const watch = watchRun(tell);
  const execute: Execute = (command, load) =>
    void command.action(async (...given) => {
      const typed = typedInput(command, given);
      created = createContext(typed.flags);
      watch.attach(created);
      const { parse, run } = await load();
      const { context } = created;
      const { resolveSettings } = context.stores;
      const input = commandInput<ReturnType<typeof command.opts>>(typed, {
        resolveSettings,
        terminal: terminalFacts(context),
        now: context.clock.now(),
        isBare: line?.isBare,
        refusal: line?.refusal,
      });
      exitCode = await run(parse(input), context);
    });
  let help: AskedHelp = {};
  const parse = async (mentioned?: MentionedFlags): Promise<void> => {
    const opened = await openProgram(execute, args, mentioned);
    ({ line, help } = opened);
    await opened.program.parseAsync(line.args, { from: 'user' });
  };
  try {
    const mentioned = mentionedFlags(args);
    await parse(mentioned).catch((error: unknown) => {
      // Nothing has run yet: commander rejected the arguments, and reports that only with all flags.
      if (mentioned === undefined || !(error instanceof CommanderError)) throw error;
      return parse();
    });
    if (help.of !== undefined) return await showHelp(help.of);
  } catch (error) {
    if (error instanceof CommanderError && help.of !== undefined) return showHelp(help.of);
    // `orx` alone, with no input.
    if (line?.isBare === true && error instanceof OrxError && error.code === 'no-prompt') return showHelp();
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    exitCode = EXIT_CODES[error instanceof OrxError ? error.kind : 'unexpected'];
    // The watch has already reported failures that stopped the command.
    if (exitCode !== EXIT_CODES.interrupted && !watch.hasStopped()) tell(error);
  } finally {
    await created?.close();
  }
  return watch.end() ?? exitCode;
}

/** Prints the help of a command, or of orx. */
async function showHelp({ command, isAll }: { command?: AnyCommand; isAll: boolean } = { isAll: false }): Promise<number> {
  const { helpText } = await import('./help/help-text.ts');
  await write(streams.stdout, helpText(command, isAll, streams.stdout.columns));
  return 0;
}

/** Returns everything that can be typed, from the declarations of all commands. */
export async function outlineProgram(): Promise<Outline> {
  const { describeProgram } = await import('./describe-program.ts');
  return describeProgram(await createProgram());
}

/** Returns the message for a failure. On a terminal, a user without a key sees the ways to get one instead of an error. */
function failureText(error: unknown, verbose: boolean, run: ReturnType<typeof createContext> | undefined): string {
  const isNewcomer = error instanceof OrxError && error.code === 'no-key' && streams.stderr.isTTY && streams.stdin.isTTY;
  if (isNewcomer) return NO_KEY_GUIDE;
  const { stderr } = streams;
  const { paint } = run?.context.terminal.themeOf(stderr) ?? createTheme('auto', stderr, process.env);
  return errorText(error, { verbose, secrets: run?.secrets, columns: stderr.columns || undefined, paint });
}

/**
 * Returns the program with the command that the arguments name, and the arguments in the form that commander expects. Throws a
 * usage error for a mistyped command. With `mentioned`, it declares only these flags, and reports no error of commander.
 */
export async function openProgram(
  execute: Execute,
  args: readonly string[],
  mentioned?: MentionedFlags,
): Promise<{ program: Command; line: CommandLine; help: AskedHelp }> {
  const help: AskedHelp = {};
  const program = createRoot(args, help, mentioned);
  const declare = async (names: readonly string[]): Promise<void> => {
    const isDeclared = (name: string): boolean => program.commands.some((command) => command.name() === name);
    // Declaring flags takes time, so only the required commands are declared.
    const rows = COMMAND_ROWS.filter(({ name }) => names.includes(name) && !isDeclared(name));
    for (const [index, register] of (await Promise.all(rows.map(({ name }) => COMMAND_LOADERS[name]!()))).entries()) {
      register(program, execute);
      const { name, description, aliases = [] } = rows[index]!;
      const command = program.commands.find((each) => each.name() === name)!;
      command.description(description).aliases(aliases);
      acceptOuterOptions(command);
    }
  };
  const named = args[0] === undefined ? undefined : findCommandRow(args[0]);
  const line: CommandLine =
    named === undefined
      ? await (
          await import('./read-arguments.ts')
        ).readArguments(args, program, async () => {
          await declare(['chat']);
          return program.commands[0]!;
        })
      : { args, command: named.name };
  const asked = line.command === 'help' ? args.map((word) => findCommandRow(word)?.name ?? '') : [];
  await declare([...(line.command === undefined ? [] : [line.command]), ...asked]);
  watchFlags(program);
  return { program, line, help };
}

/** Returns the program with all commands. */
export async function createProgram(): Promise<Command> {
  // commander treats a command without an action as a mere parent of sub-commands.
  const execute: Execute = (command) => void command.action(() => undefined);
  const { program } = await openProgram(execute, ['help', ...COMMAND_NAMES]);
  return program;
}

/** The requested help. The caller formats it after parsing, because most commands need none. */
interface AskedHelp {
  of?: { command: AnyCommand; isAll: boolean };
}

function createRoot(args: readonly string[], help: AskedHelp, mentioned: MentionedFlags | undefined): Command {
  const helpOption = mentioned === undefined ? new HelpOption() : undefined;
  const root = mentioned === undefined ? new Command('orx') : (new PartialCommand('orx', mentioned) as unknown as Command);
  const program = root
    .version(VERSION, '-V, --version', 'print the version')
    .option('--verbose', 'print the causes of an error')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      outputError(text) {
        if (mentioned !== undefined) return;
        styled(streams.stderr).write(failureText(usageFailureOf(text, args, program), false, undefined));
      },
    })
    .showSuggestionAfterError();
  // A help flag that is not mentioned is not looked for.
  if (helpOption === undefined) program.helpOption(false);
  else program.addHelpOption(helpOption);
  program.configureHelp({
    formatHelp(command) {
      help.of = { command, isAll: helpOption?.isAll === true };
      return '';
    },
  });
  addSettingOptions(program, SELECTION_SETTINGS, 'Settings:');
  addSettingOptions(program, CONNECTION_SETTINGS, 'Connection:');
  addSettingOptions(program, APPEARANCE_SETTINGS, 'Appearance:');
  return program;
}

/** Returns commander's error in orx's form. */
function usageFailureOf(text: string, args: readonly string[], program: AnyCommand): OrxError {
  const namedAt = args.findIndex((word) => findCommandRow(word) !== undefined);
  const named = namedAt === -1 ? undefined : findCommandRow(args[namedAt]!)!.name;
  const [, flag = ''] = /unknown option '([^']+)'/.exec(text) ?? [];
  const flagAt = args.findIndex((word) => flag !== '' && word.startsWith(flag));
  return usageFailure(text, {
    command: pathOf(program, args) || (named ?? 'chat'),
    takesPrompt: TAKE_PROMPTS.has(named ?? 'chat'),
    isFlagFirst: flagAt !== -1 && flagAt < namedAt,
  });
}

/** The names of the command that the arguments select, such as `history show`. */
function pathOf(program: AnyCommand, args: readonly string[]): string {
  const names: string[] = [];
  let command = program;
  for (const word of args) {
    const inner = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (inner === undefined) continue;
    names.push(inner.name());
    command = inner;
  }
  return names.join(' ');
}

/** Lets a command and its sub-commands accept the flags of every command after their names too. */
function acceptOuterOptions(command: AnyCommand): void {
  const outer = [...SELECTION_SETTINGS, ...CONNECTION_SETTINGS, ...APPEARANCE_SETTINGS];
  addSettingOptions(command, outer, undefined, { hidden: true });
  // unknown-command.ts reports excess arguments in orx's own words.
  command.allowExcessArguments(true);
  for (const inner of command.commands) acceptOuterOptions(inner);
  if (command.commands.length > 0 && command.registeredArguments.length === 0) addInnerHelp(command);
}

/** Adds `orx history help show` as an alias of `orx history show --help`. */
function addInnerHelp(command: AnyCommand): void {
  command.command('help [name]', { hidden: true }).action((name?: string) => {
    (command.commands.find((inner) => inner.name() === name || inner.aliases().includes(name ?? '')) ?? command).outputHelp();
  });
}

/** Suppresses Node's warnings about its libraries, which are for developers of orx. */
function keepStderrForOrx(): void {
  if (process.env['NODE_OPTIONS'] === undefined) process.removeAllListeners('warning');
}
