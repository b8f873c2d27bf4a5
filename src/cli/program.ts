import { APPEARANCE_SETTINGS, CONNECTION_SETTINGS } from '../core/settings/groups.ts';
import { CommanderError } from 'commander';
import { type AnyCommand, Command, Help } from '../commands/commander.ts';
import { commandInput } from '../commands/command-input.ts';
import { terminalFacts } from '../commands/is-drawable.ts';
import type { Execute, RegisterCommand } from '../commands/register.ts';
import { addSettingOptions, typedInput } from '../commands/setting-options.ts';
import { watchFlags } from '../commands/typed-flags.ts';
import type { Outline } from '../core/tab-completion/outline.ts';
import { OrxError } from '../errors.ts';
import { errorText, withoutKeys } from '../output/text/error.ts';
import { NO_KEY_GUIDE } from '../output/setup/no-key-guide.ts';
import { createTheme } from '../output/text/theme.ts';
import { styled } from '../output/text/terminal-border.ts';
import { visibleText } from '../output/text/visible.ts';
import { VERSION } from '../version.ts';
import { choiceHint } from './terminal/choice-hint.ts';
import { createContext } from './context.ts';
import { describeProgram } from './describe-program.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { streams } from './streams.ts';
import { watchRun } from './terminal/watch-run.ts';

/** In the order in which the help shows them. Each is read when the words may mean it: whoever chats needs no tables. */
const COMMANDS: readonly (readonly [name: string, load: () => Promise<RegisterCommand>])[] = [
  ['chat', async () => (await import('../commands/chat/command.ts')).registerChat],
  ['history', async () => (await import('../commands/history/command.ts')).registerHistory],
  ['models', async () => (await import('../commands/models/command.ts')).registerModels],
  ['endpoints', async () => (await import('../commands/models/command.ts')).registerEndpoints],
  ['price', async () => (await import('../commands/price/command.ts')).registerPrice],
  ['compare', async () => (await import('../commands/compare/command.ts')).registerCompare],
  ['cost', async () => (await import('../commands/usage/cost.ts')).registerCost],
  ['budget', async () => (await import('../commands/ledger/budget.ts')).registerBudget],
  ['ledger', async () => (await import('../commands/ledger/command.ts')).registerLedger],
  ['usage', async () => (await import('../commands/usage/command.ts')).registerUsage],
  ['alias', async () => (await import('../commands/models/alias.ts')).registerAlias],
  ['fav', async () => (await import('../commands/models/alias.ts')).registerFavorites],
  ['vendors', async () => (await import('../commands/vendors/command.ts')).registerVendors],
  ['mcp', async () => (await import('../commands/tools/mcp.ts')).registerMcp],
  ['templates', async () => (await import('../commands/setup/templates.ts')).registerTemplates],
  ['config', async () => (await import('../commands/setup/config.ts')).registerConfig],
  ['auth', async () => (await import('../commands/setup/auth.ts')).registerAuth],
  ['serve', async () => (await import('../commands/serve/command.ts')).registerServe],
  ['completion', async () => (await import('../commands/setup/completion.ts')).registerCompletion],
];

/** The commands whose words are a prompt. */
const TAKE_PROMPTS: ReadonlySet<string> = new Set(['chat', 'compare']);

const EXIT_HELP = `
Exit codes:
  0 ok · 1 unexpected · 2 usage · 3 authentication · 4 credits or budget · 5 rate limited ·
  6 no endpoint, policy or moderation · 7 provider failed · 8 network or time-out ·
  9 another model than demanded · 130 interrupted
`;

/** Parses the words after `orx`, runs the command, and turns whatever happens into an exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  keepStderrForOrx();
  let exitCode = 0;
  let created: ReturnType<typeof createContext> | undefined;
  const isVerbose = args.includes('--verbose');
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
      });
      exitCode = await run(parse(input), context);
    });
  const program = await createProgram(execute, args);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    exitCode = EXIT_CODES[error instanceof OrxError ? error.kind : 'unexpected'];
    // What the watch has stopped it has told of, where there is something to tell.
    if (exitCode !== EXIT_CODES.interrupted && !watch.hasStopped()) tell(error);
  } finally {
    await created?.close();
  }
  return watch.end() ?? exitCode;
}

/** Everything that can be typed, out of the declarations of all commands. */
export async function outlineProgram(): Promise<Outline> {
  // A command with an action has no `help` among its subcommands: it would be a word of its own.
  const execute: Execute = (command) => void command.action(() => undefined);
  return describeProgram(await createProgram(execute, []));
}

/** On a terminal, whoever has no key yet is shown the ways to one instead of an error. */
function failureText(error: unknown, verbose: boolean, run: ReturnType<typeof createContext> | undefined): string {
  const isNewcomer = error instanceof OrxError && error.code === 'no-key' && streams.stderr.isTTY && streams.stdin.isTTY;
  if (isNewcomer) return NO_KEY_GUIDE;
  const { stderr } = streams;
  const { paint } = run?.context.terminal.themeOf(stderr) ?? createTheme('auto', stderr, process.env);
  return errorText(error, { verbose, secrets: run?.secrets, columns: stderr.columns || undefined, paint });
}

/** The program with the commands that these words may mean; with all when there are none. */
export async function createProgram(execute: Execute, args: readonly string[]): Promise<Command> {
  const program = new Command('orx')
    .description('The terminal for every model: chat, prices and comparison over the OpenRouter API.')
    .version(VERSION, '-V, --version')
    .option('--verbose', 'say more when something fails')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      outputError: (text, write) => write(usageText(text, args)),
    })
    .configureHelp({ formatHelp: commandsFirst })
    .addHelpText('after', EXIT_HELP)
    .showSuggestionAfterError();
  addSettingOptions(program, CONNECTION_SETTINGS, 'Connection (also after the command):');
  addSettingOptions(program, APPEARANCE_SETTINGS, 'Appearance (also after the command):');
  // Declaring flags takes time: of the commands only those that the words may mean, all of them when they mean none.
  const isKnown = COMMANDS.some(([name]) => name === firstWord(program, args));
  const named = COMMANDS.filter(([name]) => args.includes(name));
  const loaded = await Promise.all((isKnown ? named : COMMANDS).map(([, load]) => load()));
  for (const register of loaded) register(program, execute);
  for (const command of program.commands) acceptOuterOptions(command);
  watchFlags(program);
  return program;
}

/** The first of the words that is no flag and no value of one: the name of a command. */
function firstWord(program: AnyCommand, args: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!;
    if (!word.startsWith('-') || word === '-') return word;
    const option = program.options.find(({ long, short }) => word === long || word === short);
    if (option?.required === true) index += 1;
  }
  return undefined;
}

/** commander's complaint in orx's voice; a key that was mistaken for an argument is not repeated. */
function usageText(text: string, args: readonly string[]): string {
  const line = withoutKeys(visibleText(text)).replace(/^error: /, 'orx: ');
  const hint = choiceHint(text);
  if (hint !== '') return line + hint;
  if (/unknown command/.test(text) && !/did you mean/i.test(text)) return `${line}  all commands: orx --help\n`;
  const command = args.find((word) => COMMANDS.some(([name]) => name === word)) ?? '';
  const takesPrompt = TAKE_PROMPTS.has(command) && text.includes('unknown option');
  return takesPrompt ? `${line}  text that starts with - goes behind --: orx ${command} -- "-5 + 3 = ?"\n` : line;
}

/** Who asks for help looks for a command first; the flags fill a screen of their own. */
function commandsFirst(command: AnyCommand, helper: Help): string {
  const sections = Help.prototype.formatHelp.call(helper, command, helper).split('\n\n');
  const commands = sections.findIndex((section) => section.startsWith('Commands:'));
  const options = sections.findIndex((section) => section.startsWith('Options:'));
  if (commands > options && options !== -1) sections.splice(options, 0, ...sections.splice(commands, 1));
  return `${sections.map((section) => section.trimEnd()).join('\n\n')}\n`;
}

/** A command, and those under it, take the flags of connection and appearance after their names as well. */
function acceptOuterOptions(command: AnyCommand): void {
  addSettingOptions(command, [...CONNECTION_SETTINGS, ...APPEARANCE_SETTINGS], undefined, { hidden: true });
  // What is left over is told in orx's own words: unknown-command.ts.
  command.allowExcessArguments(true);
  command.addHelpText('after', '\nConnection options, such as --sandbox, --base-url and --proxy: orx --help');
  for (const inner of command.commands) acceptOuterOptions(inner);
}

/** Warnings of Node about its libraries are for those who write orx, not for those who use it. */
function keepStderrForOrx(): void {
  if (process.env['NODE_OPTIONS'] === undefined) process.removeAllListeners('warning');
}
